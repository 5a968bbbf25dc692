/** `pnpm db:backup -- <file>`: writes all rows of the database that the environment names, while sales run. */
import { backup } from '../backup.ts';
import { databaseNameOf } from '../bootstrap.ts';
import { adminAddress } from './database-urls.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const [file] = process.argv.slice(2);
  if (!file) throw new Error('usage: npm run db:backup -- <file>');
  const { adminUrl } = adminAddress();
  const { bytes } = await backup({ adminUrl, file });
  process.stdout.write(`${databaseNameOf(adminUrl)} is in ${file}: ${bytes} bytes.\n`);
  return 0;
});
