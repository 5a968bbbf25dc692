/** `pnpm db:describe`: writes drizzle/schema.sql from a freshly migrated database on a server of its own. */
import fs from 'node:fs';
import path from 'node:path';
import { describeDatabase } from '../describe.ts';
import { sqlFolder } from '../migrate.ts';
import { startTestServer, testDatabase } from '../testing.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { server, stop } = await startTestServer();
  try {
    const fresh = await testDatabase({ server });
    const file = path.join(sqlFolder(), 'schema.sql');
    fs.writeFileSync(file, await describeDatabase(fresh.owner));
    await fresh.drop();
    process.stdout.write(`Wrote ${file}\n`);
  } finally {
    await stop();
  }
  return 0;
});
