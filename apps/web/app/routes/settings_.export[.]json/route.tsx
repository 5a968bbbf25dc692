import type { LoaderFunctionArgs } from '@remix-run/node';
import { accountOf } from '~/features/accounts/settings.server.ts';
import { load } from '~/platform/loading.ts';

/** Everything the database holds about the person who asks, as a file. */
export async function loader({ context }: LoaderFunctionArgs) {
  accountOf(context);
  const mine = await load(context.api.accounts.export());
  return new Response(JSON.stringify(mine, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="liventix-${mine.exportedAt.slice(0, 10)}.json"`,
      'cache-control': 'no-store',
    },
  });
}
