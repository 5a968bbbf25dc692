import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { backTo } from '~/features/accounts/back-to.ts';
import { accountOf } from '~/features/accounts/settings.server.ts';
import { SecurityPage } from '~/features/security/security-page.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  accountOf(context);
  const to = new URL(request.url).searchParams.get('to');
  return { view: await load(context.api.security.read()), to: to === null ? null : backTo(to) };
}

export default function Security() {
  const { view, to } = useLoaderData<typeof loader>();
  return <SecurityPage view={view} to={to} />;
}
