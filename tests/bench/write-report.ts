import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@liventix/db/repository';
import { type Figure, GOALS, type Goal, KEYS, type Key, type KeyResult, type Skipped } from './goals.ts';

export interface Results {
  machine: { date: string; cpu: string; cores: number; memoryGb: number; system: string; node: string; load: string };
  minutes: number;
  quick: boolean;
  keys: Record<string, KeyResult | Skipped>;
  /** Keys that ended without figures. */
  failed: string[];
}

const BEGIN = '<!-- figures: written by "pnpm bench" -->';
const END = '<!-- end of figures -->';

/** What is true of the whole run; beside the figures, so that their file is keys and nothing else. */
interface Run extends Omit<Results, 'keys'> {
  /** Keys measured again by themselves since, and when. */
  renewed: Record<string, string>;
}

type Figures = Record<string, KeyResult | Skipped>;

/**
 * Full runs go to tests/bench/results (latest.json, run.json) and the table of docs/benchmarks.md; quick ones to
 * .cache/bench, so that a look never replaces what was decided. A run of some keys renews only theirs. A key that failed
 * has no figures afterwards, also not those of a run before, which are no longer true.
 */
export function writeReport({ keys, ...run }: Results, { partial }: { partial: boolean }): void {
  const root = repositoryRoot();
  const place = path.join(root, run.quick ? '.cache/bench' : 'tests/bench/results');
  const before = partial ? readBefore(place) : null;
  const figures: Figures = { ...before?.figures, ...keys };
  for (const key of run.failed) delete figures[key];
  const now = Object.fromEntries(Object.keys(keys).map((key) => [key, run.machine.date]));
  const whole: Run = before ? { ...before.run, renewed: { ...before.run.renewed, ...now } } : { ...run, renewed: {} };
  whole.failed = [...new Set([...(before?.run.failed ?? []), ...run.failed])].filter((key) => !(key in keys));
  for (const key of run.failed) delete whole.renewed[key];
  writeJson(path.join(place, 'latest.json'), figures);
  writeJson(path.join(place, 'run.json'), whole);
  if (run.quick) return;
  const page = path.join(root, 'docs/benchmarks.md');
  const text = fs.readFileSync(page, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${page} has lost the place of its figures`);
  fs.writeFileSync(page, `${text.slice(0, from)}${BEGIN}\n${table(figures, whole)}\n${text.slice(to)}`);
}

function readBefore(place: string): { figures: Figures; run: Run } | null {
  const read = (name: string) => JSON.parse(fs.readFileSync(path.join(place, name), 'utf8'));
  return fs.existsSync(path.join(place, 'run.json')) ? { figures: read('latest.json'), run: read('run.json') } : null;
}

function writeJson(file: string, value: unknown): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function table(figures: Figures, { machine, minutes, renewed, failed }: Run): string {
  const lines = [
    `Taken ${machine.date} UTC on ${machine.cores} cores of ${machine.cpu} (${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; load at the end ${machine.load}), PostgreSQL 18 with fsync and synchronous_commit on, in ${minutes} minutes.`,
    '',
    '| key | what | ours | peer | ratio | goal | stretch | |',
    '|---|---|---|---|---|---|---|---|',
    ...KEYS.flatMap((key) => rowsOf(key, figures[key], failed)),
  ];
  const later = Object.entries(renewed).map(([key, date]) => `\`${key}\` (${date})`);
  if (later.length > 0) lines.push('', `Measured again since, by themselves: ${later.join(', ')}.`);
  return lines.join('\n');
}

function rowsOf(key: Key, result: KeyResult | Skipped | undefined, failed: string[]): string[] {
  if (!result) return [`| \`${key}\` | ${failed.includes(key) ? '**failed**' : 'not measured'} | | | | | | |`];
  if ('skipped' in result) return [`| \`${key}\` | skipped: ${result.skipped} | | | | | | |`];
  return Object.entries(GOALS[key] as Record<string, Goal>).map(([part, goal]) => {
    const figure: Figure = result.parts?.[part] ?? result;
    const sign = goal.better === 'more' ? '≥' : '≤';
    const name = part ? `\`${key}\` ${part}` : `\`${key}\``;
    const mark = figure.stretched ? 'stretch' : figure.pass ? 'goal' : '**missed**';
    const peer = figure.peer === null ? ' | ' : `${show(figure.peer)} | ${show(figure.ratio as number)}`;
    return `| ${name} | ${goal.what} | ${show(figure.value)} ${goal.unit} | ${peer} | ${sign} ${goal.goal} | ${sign} ${goal.stretch} | ${mark} |`;
  });
}

function show(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(value);
}
