import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { CheckoutPage } from '~/features/checkout/checkout-page.tsx';
import { LostCheckout } from '~/features/checkout/lost-checkout.tsx';
import { readCheckout } from '~/features/checkout/read-checkout.server.ts';
import { isRunning } from '~/features/checkout/use-checkout.ts';
import { paths } from '~/platform/paths.ts';

/** Where the bank sends people back to. Asks the provider once; what it does not know yet comes by push. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  const found = await readCheckout(context.api, params.checkoutId ?? '', { askBank: true });
  if (!found) return data(null, { status: 404 });
  // The bank said no, or nothing was tried: back to the form, which says so.
  if (isRunning(found.view.state) || found.elsewhere)
    throw redirect(paths.checkout(found.elsewhere ?? found.view.checkoutId));
  return data(found);
}

export const headers: HeadersFunction = () => ({ 'cache-control': 'private, no-store' });

export const meta: MetaFunction<typeof loader> = ({ data: found }) => [
  { title: `${found ? found.view.event.title : 'Checkout'} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function Returned() {
  const found = useLoaderData<typeof loader>();
  if (!found) return <LostCheckout />;
  return <CheckoutPage loaded={found.view} tickets={found.tickets} nextId={found.nextId} />;
}
