// Runs one of our commands from its TypeScript source: `node scripts/run.mjs packages/db/src/cli/migrate.ts …`.
import { checkMachine, install, loadEnvironmentFile, refuse, runLoudly } from './prepare.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) refuse('usage: node scripts/run.mjs <file.ts> [arguments]');
checkMachine();
loadEnvironmentFile();
await install();
process.exitCode = await runLoudly(process.execPath, ['--import', 'tsx', file, ...args]);
