/** `pnpm db:describe`: writes drizzle/schema.sql from a freshly migrated database on a server of its own. */
import fs from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { loginPasswords, loginUrls } from '../bootstrap.ts';
import { describeDatabase } from '../describe.ts';
import { sqlFolder } from '../migrate.ts';
import { startTestServer, testDatabase } from '../testing.ts';

const { server, stop } = await startTestServer();
try {
  const fresh = await testDatabase({ server });
  const { owner } = loginUrls(server.adminUrl, fresh.name, loginPasswords(server.secret));
  const sql = postgres(owner, { max: 1, onnotice: () => {} });
  const file = path.join(sqlFolder(), 'schema.sql');
  fs.writeFileSync(file, await describeDatabase(sql));
  await sql.end();
  await fresh.drop();
  process.stdout.write(`Wrote ${file}\n`);
} finally {
  await stop();
}
