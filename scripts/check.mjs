// `npm run check`: formatting and lint, versions, types, who may import whom, what nobody uses. Says nothing twice: when no
// file changed since it last passed, it is done at once.
import path from 'node:path';
import { listLong } from './list-long.mjs';
import {
  checkMachine,
  environment,
  hashOf,
  install,
  readStamp,
  root,
  runQuietly,
  say,
  sources,
  writeStamp,
} from './prepare.mjs';

const AT_ONCE = 2;
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const checks = [
  [
    'types',
    bin('turbo'),
    [
      'run',
      'typecheck',
      '--no-daemon',
      '--no-update-notifier',
      '--output-logs=errors-only',
      '--concurrency=2',
      '--continue',
    ],
  ],
  ['types of tests', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['format and lint', bin('biome'), ['ci', '--max-diagnostics=50', '--error-on-warnings', '.']],
  ['who imports whom', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'tests']],
  ['what nobody uses', bin('knip'), []],
  ['one version of each library', bin('sherif'), ['--fail-on-warnings']],
];

checkMachine();
await install();
const files = sources(['.']).filter((file) => !file.endsWith('.log'));
const hash = hashOf(files);
if (readStamp('checked') === hash) {
  say(`${checks.map(([name]) => name).join(', ')}: passed, and nothing changed since.`);
} else {
  const failed = await runAll();
  if (failed.length > 0) {
    say(`\nFailed: ${failed.join(', ')}`);
    process.exitCode = 1;
  } else writeStamp('checked', hash);
}
await mirror();

async function runAll() {
  const failed = [];
  const waiting = [...checks];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, command, args] = next;
      const since = Date.now();
      const { code, output } = await runQuietly(command, args, { env: environment({ FORCE_COLOR: '0' }) });
      say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
      if (code === 0) continue;
      failed.push(name);
      say(output.trim().replaceAll(/^/gm, '       '));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return failed;
}

/** A mirror, not a gate: what has grown long. */
async function mirror() {
  const { longFiles, longFunctions } = await listLong(files);
  if (longFiles.length + longFunctions.length === 0) return;
  say(
    `\nTo look at, not a failure: ${longFiles.length} files over 300 lines, ${longFunctions.length} functions over 60.`,
  );
  for (const { lines, place } of [...longFiles.slice(0, 10), ...longFunctions.slice(0, 15)])
    say(`${String(lines).padStart(6)}  ${place}`);
}
