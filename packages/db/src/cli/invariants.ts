/** `pnpm invariants`: each invariant with its count of violations; ends with 1 when one is broken. */
import { openDatabase } from '../client.ts';
import { checkInvariants } from '../invariants.ts';
import { databaseUrls } from './database-urls.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { sql, end } = openDatabase(process.env.DATABASE_ENGINE_URL ?? databaseUrls().engine, { max: 1 });
  try {
    const results = await checkInvariants(sql);
    for (const { name, violations, examples } of results) {
      process.stdout.write(`${String(violations).padStart(6)}  ${name}\n`);
      for (const row of examples) process.stdout.write(`        ${JSON.stringify(row)}\n`);
    }
    const broken = results.filter((result) => result.violations > 0).length;
    process.stdout.write(`${results.length} invariants, ${broken} broken\n`);
    return broken > 0 ? 1 : 0;
  } finally {
    await end();
  }
});
