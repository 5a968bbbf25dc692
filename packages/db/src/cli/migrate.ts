/** `pnpm db:migrate`: brings the database that the environment names up to date. */
import { databaseNameOf, ensureRolesAndDatabase, loginPasswords } from '../bootstrap.ts';
import { migrate } from '../migrate.ts';
import { adminAddress } from './database-urls.ts';

const { DATABASE_OWNER_URL } = process.env;
let ownerUrl = DATABASE_OWNER_URL;
if (!ownerUrl) {
  const { adminUrl, secret } = adminAddress();
  const urls = await ensureRolesAndDatabase({
    adminUrl,
    database: databaseNameOf(adminUrl),
    passwords: loginPasswords(secret),
  });
  ownerUrl = urls.owner;
}
const { applied } = await migrate({ ownerUrl, onStep: (name) => process.stdout.write(`applied ${name}\n`) });
process.stdout.write(applied.length === 0 ? 'The database is current.\n' : `${applied.length} applied.\n`);
