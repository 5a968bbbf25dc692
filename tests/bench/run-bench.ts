/**
 * `pnpm bench [--quick] [--json] [--only key,...]`: every goal of docs/benchmarks.md, measured beside its peer in one run.
 * Ends with 0 when every key was measured (with `--quick`), or when every goal is met too (full run).
 */
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '@liventix/db/embedded';
import { repositoryRoot } from '@liventix/db/repository';
import { startTestServer, type TestServer } from '@liventix/db/testing';
import { build, serverFlags } from '../../scripts/prepare.mjs';
import { committedRules } from './bench.ts';
import { type Figure, GOALS, type Goal, judge, KEYS, type Key, type KeyResult, type Skipped } from './goals.ts';
import type { KeyAnswer, KeyTask } from './run-key.ts';
import { type Results, writeReport } from './write-report.ts';

const KEY_MOST_MS = 420_000;
const flags = process.argv.slice(2).filter((arg) => arg !== '--');
const quick = flags.includes('--quick');
const json = flags.includes('--json');
const onlyAt = flags.findIndex((flag) => flag.startsWith('--only'));
const only = onlyAt < 0 ? null : (flags[onlyAt]?.split('=')[1] ?? flags[onlyAt + 1] ?? '').split(',');
const keys = KEYS.filter((key) => !only || only.includes(key));
const root = repositoryRoot();

if (only && keys.length !== only.length) {
  process.stderr.write(
    `No such key: ${only.filter((key) => !KEYS.includes(key as Key)).join(', ')}. There are ${KEYS.join(', ')}.\n`,
  );
  process.exit(2);
}

const say = (text: string): void => void (json ? process.stderr : process.stdout).write(`${text}\n`);

/** The product's own PostgreSQL on a disk, durable, and gone at the end however the end comes. */
async function startDurable(): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const place = fs.mkdtempSync(path.join(fs.existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir(), 'liventix-bench-'));
  fs.chmodSync(place, 0o755);
  const postgres = await startPostgres({
    dataDir: path.join(place, 'postgres'),
    ephemeral: true,
    settings: { fsync: 'on', full_page_writes: 'on', max_wal_size: '4GB' },
  });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    fs.rmSync(place, { recursive: true, force: true });
  };
  try {
    const { server } = await startTestServer(postgres.adminUrl());
    return { server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function runKey(task: KeyTask): Promise<KeyAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(root, 'tests/bench/run-key.ts'), [JSON.stringify(task)], {
      cwd: root,
      execArgv: ['--expose-gc', '--import', 'tsx', ...serverFlags],
      // The sources hold JSX (mails), compiled by the server's own settings.
      env: { ...process.env, NODE_ENV: 'production', TSX_TSCONFIG_PATH: path.join(root, 'apps/server/tsconfig.json') },
      stdio: ['ignore', json ? 'ignore' : 'inherit', 'inherit', 'ipc'],
    });
    let answer: KeyAnswer | null = null;
    const late = setTimeout(() => child.kill('SIGKILL'), KEY_MOST_MS);
    child.on('message', (message) => {
      answer = message as KeyAnswer;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      if (answer) resolve(answer);
      else reject(new Error(`${task.key} ended with ${code ?? signal} and no figures`));
    });
  });
}

function resultOf(key: Key, answer: KeyAnswer, seconds: number): KeyResult | Skipped {
  if ('skipped' in answer) return answer;
  const goals = GOALS[key] as Record<string, Goal>;
  const parts: Record<string, Figure> = {};
  for (const [part, goal] of Object.entries(goals)) {
    const rounds = answer.measured[part];
    if (!rounds || rounds.length === 0) throw new Error(`${key} measured no ${part || 'rounds'}`);
    parts[part] = judge(goal, rounds);
  }
  const [first] = Object.values(parts) as [Figure];
  const all = Object.values(parts);
  return {
    ...first,
    pass: all.every((part) => part.pass),
    stretched: all.every((part) => part.stretched),
    ...(all.length > 1 ? { parts } : {}),
    rounds: answer.measured,
    notes: answer.notes,
    seconds: Number(seconds.toFixed(1)),
  };
}

function tell(key: string, result: KeyResult | Skipped): void {
  if ('skipped' in result) {
    say(`${key}: SKIPPED, ${result.skipped}`);
    return;
  }
  for (const [part, figure] of Object.entries(result.parts ?? { '': result })) {
    const against = figure.peer === null ? '' : ` / ${figure.peer} = ${figure.ratio}`;
    const mark = figure.stretched ? 'stretch' : figure.pass ? 'goal' : 'MISSED';
    say(
      `${`${key}${part && `.${part}`}`.padEnd(34)} ${figure.value}${against} (${figure.unit}; goal ${figure.goal}, stretch ${figure.stretch}) ${mark}`,
    );
  }
  for (const note of result.notes) say(`    ${note}`);
  say(`    ${result.seconds} s`);
}

const since = Date.now();
if (keys.includes('event_page')) await build();
const postgres = await startDurable();
const results: Record<string, KeyResult | Skipped> = {};
const failed: string[] = [];
try {
  say(
    `${quick ? 'Quick run: one round, a tenth of the sizes; goals are decided by the full run.' : 'Full run.'} ${keys.length} keys.`,
  );
  say('\nRules in force on the tables (checked in every database of this run):');
  for (const [name, text] of committedRules()) {
    const rules = text.split('\n').filter((line) => /^\s*(constraint|CREATE (UNIQUE )?INDEX)|trigger/i.test(line));
    say(
      `  ${name}: ${rules
        .map((line) => /(constraint|INDEX|trigger) (\S+)/i.exec(line)?.[2])
        .filter(Boolean)
        .join(', ')}`,
    );
  }
  say('');
  for (const key of keys) {
    const started = performance.now();
    try {
      const answer = await runKey({ key, quick, server: postgres.server });
      const result = resultOf(key, answer, (performance.now() - started) / 1000);
      results[key] = result;
      tell(key, result);
    } catch (error) {
      failed.push(key);
      say(`${key}: FAILED, ${(error as Error).message}`);
    }
  }
} finally {
  await postgres.stop();
}

const report: Results = {
  machine: {
    date: new Date(since).toISOString().slice(0, 16).replace('T', ' '),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.versions.node,
    load: os.loadavg()[0]?.toFixed(1) ?? '',
  },
  minutes: Number(((Date.now() - since) / 60_000).toFixed(1)),
  quick,
  keys: results,
  failed,
};
writeReport(report, { partial: only !== null });
if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
const missed = KEYS.filter(
  (key) => key in results && !('skipped' in (results[key] as object)) && !(results[key] as KeyResult).pass,
);
say(
  `\n${Object.keys(results).length} of ${keys.length} keys measured in ${report.minutes} min${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}.`,
);
if (missed.length > 0) say(`${quick ? 'Below the goal in this quick look' : 'Missed'}: ${missed.join(', ')}`);
process.exitCode = failed.length > 0 || (!quick && missed.length > 0) ? 1 : 0;
