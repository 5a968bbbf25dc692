/** `pnpm db:restore -- <file>`: puts a backup in the place of the database that the environment names, which is kept beside it. */
import { restore } from '../backup.ts';
import { databaseNameOf, loginPasswords } from '../bootstrap.ts';
import { adminAddress } from './database-urls.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const [file] = process.argv.slice(2);
  if (!file) throw new Error('usage: npm run db:restore -- <file>');
  const { adminUrl, secret } = adminAddress();
  const { kept } = await restore({ adminUrl, passwords: loginPasswords(secret), file });
  process.stdout.write(
    `${databaseNameOf(adminUrl)} is what ${file} says.${kept ? ` The former one is kept as ${kept}.` : ''}\n`,
  );
  return 0;
});
