import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { actOnCheckout } from '~/features/checkout/act-on-checkout.server.ts';
import { CheckoutPage } from '~/features/checkout/checkout-page.tsx';
import { LostCheckout } from '~/features/checkout/lost-checkout.tsx';
import { readCheckout } from '~/features/checkout/read-checkout.server.ts';
import { paths } from '~/platform/paths.ts';

export async function loader({ params, context }: LoaderFunctionArgs) {
  const found = await readCheckout(context.api, params.checkoutId ?? '');
  if (!found) return data(null, { status: 404 });
  if (found.elsewhere) throw redirect(paths.checkout(found.elsewhere));
  return data(found);
}

export async function action(args: ActionFunctionArgs) {
  return actOnCheckout(args);
}

// Nobody keeps a copy: it has somebody's address, and after paying it is another page.
export const headers: HeadersFunction = () => ({ 'cache-control': 'private, no-store' });

export const meta: MetaFunction<typeof loader> = ({ data: found }) => [
  { title: `${found ? found.view.event.title : 'Checkout'} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function Checkout() {
  const found = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (!found) return <LostCheckout />;
  return (
    <CheckoutPage
      key={found.view.event.id}
      loaded={found.view}
      tickets={found.tickets}
      nextId={found.nextId}
      answer={answer}
    />
  );
}
