/**
 * `pnpm db:migrate`: brings the database that the environment names up to date. `--rotate-logins` lets a changed
 * LIVENTIX_SECRET set the logins' passwords also where another database on that server uses them.
 */
import { databaseNameOf, ensureRolesAndDatabase, loginPasswords } from '../bootstrap.ts';
import { migrate } from '../migrate.ts';
import { adminAddress } from './database-urls.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const ownerUrl = process.env.DATABASE_OWNER_URL ?? (await bootstrapped());
  const { applied } = await migrate({ ownerUrl, onStep: (name) => process.stdout.write(`applied ${name}\n`) });
  process.stdout.write(applied.length === 0 ? 'The database is current.\n' : `${applied.length} applied.\n`);
  return 0;
});

async function bootstrapped(): Promise<string> {
  const { adminUrl, secret } = adminAddress();
  const passwords = loginPasswords(secret);
  const rotate = process.argv.includes('--rotate-logins');
  const urls = await ensureRolesAndDatabase({ adminUrl, database: databaseNameOf(adminUrl), passwords, rotate });
  return urls.owner;
}
