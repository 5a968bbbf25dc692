/**
 * `pnpm second-factor:reset <email>`: for a person who lost the authenticator app, every passkey and the recovery codes. Takes
 * all of them off the account and ends its sessions. See docs/operations.md for what to check first.
 */
import { databaseUrls } from '@liventix/db/cli/database-urls';
import { openDatabases } from '@liventix/db/client';
import { resetFactors } from '../features/security/reset-factors.ts';

const email = process.argv[2]?.trim().toLowerCase();
if (!email || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
  process.stderr.write('usage: pnpm second-factor:reset you@example.org\n');
  process.exit(1);
}
const db = openDatabases(databaseUrls(), { applicationName: 'liventix-second-factor' });
try {
  const reset = await resetFactors(db, email);
  process.stdout.write(
    reset === null
      ? `There is no account with ${email}.\n`
      : `${email} has no second factor now${reset.had ? '' : ' (and had none)'}. Every session of the account has ended.\n`,
  );
  process.exitCode = reset === null ? 1 : 0;
} finally {
  await db.end();
}
