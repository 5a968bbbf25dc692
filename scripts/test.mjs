// `npm test`: every test once, and as the last line how many passed, failed and were skipped.
// Arguments go to vitest: `npm test -- --project database`, `npm test -- holds`.
import fs from 'node:fs';
import path from 'node:path';
import { build, checkMachine, environment, install, loadEnvironmentFile, root, runLoudly, say } from './prepare.mjs';

const args = process.argv.slice(2);
const results = path.join(root, '.cache', `test-results-${process.pid}.json`);

checkMachine();
loadEnvironmentFile();
await install();
if (wantsBrowser(args)) await build();
fs.mkdirSync(path.dirname(results), { recursive: true });
const code = await runLoudly(
  path.join(root, 'node_modules/.bin/vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...args],
  { env: environment({ NODE_ENV: 'test' }) },
);
const { passed, failed, skipped, broken, failures } = count(code);
fs.rmSync(results, { force: true });
// Once more where a reader looks first: at the end.
for (const failure of failures) say(`failed: ${failure}`);
for (const file of broken) say(`did not run: ${file}`);
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = code !== 0 || failed > 0 ? 1 : 0;

/** Only the browser tests use what is built. */
function wantsBrowser(given) {
  const projects = given.flatMap((arg, index) =>
    arg === '--project' ? [given[index + 1]] : arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [],
  );
  return projects.length === 0 || projects.some((name) => name === 'browser' || name.includes('*'));
}

/** A file that could not even be loaded has no tests to fail: it counts as one failure. So does an error outside of any. */
function count(exitCode) {
  if (!fs.existsSync(results))
    return { passed: 0, failed: 1, skipped: 0, broken: ['vitest ended without results'], failures: [] };
  const report = JSON.parse(fs.readFileSync(results, 'utf8'));
  const broken = report.testResults
    .filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
    .map((file) => path.relative(root, file.name));
  const failed = report.numFailedTests + broken.length;
  if (failed === 0 && exitCode !== 0) broken.push('an error outside of every test (see above)');
  return {
    passed: report.numPassedTests,
    failed: Math.max(failed, exitCode === 0 ? 0 : 1),
    skipped: report.numPendingTests + report.numTodoTests,
    broken,
    failures: report.testResults.flatMap((file) =>
      file.assertionResults
        .filter((test) => test.status === 'failed')
        .map(({ fullName, failureMessages }) => {
          const why = (failureMessages[0] ?? '').split('\n').slice(0, 8).join('\n    ');
          return `${path.relative(root, file.name)}: ${fullName}\n    ${why}`;
        }),
    ),
  };
}
