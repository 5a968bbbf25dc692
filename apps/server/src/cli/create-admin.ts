/** `pnpm admin:create <email>`: makes the account if there is none, and the person an administrator of the platform. */
import { databaseUrls } from '@liventix/db/cli/database-urls';
import { openDatabases } from '@liventix/db/client';
import { ensureAdmin } from '../features/accounts/ensure-admin.ts';

const email = process.argv[2]?.trim().toLowerCase();
if (!email || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
  process.stderr.write('usage: pnpm admin:create you@example.org\n');
  process.exit(1);
}
const db = openDatabases(databaseUrls(), { applicationName: 'liventix-admin' });
try {
  const { made } = await ensureAdmin(db, email);
  process.stdout.write(
    `${email} is an administrator now.${made ? ' The account is new: sign in with a mailed link.' : ''}\n` +
      'Set up a second factor under Settings, Security first: without one an administrator sees nothing.\n',
  );
} finally {
  await db.end();
}
