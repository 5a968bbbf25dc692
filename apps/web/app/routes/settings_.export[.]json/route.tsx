import { type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { accountOf } from '~/features/accounts/settings.server.ts';
import { refusalOf } from '~/features/checkout/refusal.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';

/** Everything the database holds about the person who asks, as a file. */
export async function loader({ context }: LoaderFunctionArgs) {
  accountOf(context);
  const mine = await load(
    context.api.accounts.export().catch((thrown: unknown) => {
      if (refusalOf(thrown)?.code === 'FRESH_SIGN_IN_REQUIRED') throw redirect(paths.confirm(paths.ownData()));
      throw thrown;
    }),
  );
  return new Response(JSON.stringify(mine, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="liventix-${mine.exportedAt.slice(0, 10)}.json"`,
      'cache-control': 'no-store',
    },
  });
}
