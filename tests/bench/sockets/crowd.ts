import { spawnSync } from 'node:child_process';
import { type Bench, CannotRun } from '../bench.ts';
import { type Child, startChild } from '../start-child.ts';
import type { CrowdInput, Heard } from './crowd-process.ts';

const SPARE_FILES = 200;
/** They come in by turns, so that the real clients are among the others: who came last is written to last. */
const PARTS = 10;

/** Ends the key with a reason when this machine does not let one process have so many sockets. */
export function expectFiles(count: number): void {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  const most = stdout.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout);
  if (most < count + SPARE_FILES)
    throw new CannotRun(
      `${count} sockets need ${count + SPARE_FILES} open files in one process, the hard limit is ${most} (ulimit -Hn)`,
    );
}

/** Where a crowd goes in. */
export type Door = Pick<CrowdInput, 'port' | 'room' | 'mark'>;

export interface Crowd {
  listen(): Promise<void>;
  /** What the raw sockets heard, and what the real clients did. */
  tell(): Promise<{ frames: number; raw: Float64Array; real: Float64Array; lost: number }>;
  close(): Promise<void>;
}

/**
 * Sockets in processes of their own: raw ones, and real clients among them. The processes stay for the next crowd, so
 * that their start is paid once.
 */
export async function startCrowds(bench: Bench, count: number, real: number): Promise<(input: Door) => Promise<Crowd>> {
  const raw = count - real;
  const processes = raw > 2500 ? 2 : 1;
  const share = Math.ceil(raw / processes);
  const start = async (): Promise<Child> => {
    const child = await startChild('tests/bench/sockets/crowd-process.ts');
    bench.atEnd(() => child.stop());
    return child;
  };
  const counting: Child[] = [];
  for (let index = 0; index < processes; index++) counting.push(await start());
  const feeling = real > 0 ? await start() : null;
  const children = feeling ? [...counting, feeling] : counting;
  const all = (what: string) => Promise.all(children.map((child) => child.ask(what)));

  return async ({ port, room, mark }) => {
    const whole = { port, room, mark, real: false };
    for (let part = 0; part < PARTS; part++) {
      for (const [index, child] of counting.entries()) {
        const mine = partOf(Math.min(share, raw - index * share), part);
        await child.ask('open', { ...whole, ...mine, first: index * share + mine.first } satisfies CrowdInput, 240_000);
      }
      await feeling?.ask('open', {
        ...whole,
        ...partOf(real, part),
        real: true,
        mark: mark ?? 'version',
      } satisfies CrowdInput);
    }
    return {
      listen: async () => void (await all('listen')),
      close: async () => void (await all('close')),
      async tell() {
        const heard = await Promise.all(children.map((child) => child.ask<Heard>('tell')));
        return {
          frames: heard.reduce((sum, each) => sum + each.frames, 0),
          raw: joined(heard.slice(0, counting.length)),
          real: joined(heard.slice(counting.length)),
          lost: heard.reduce((sum, each) => sum + each.lost, 0),
        };
      },
    };
  };
}

function partOf(count: number, part: number): { first: number; count: number } {
  const first = Math.round((count * part) / PARTS);
  return { first, count: Math.round((count * (part + 1)) / PARTS) - first };
}

function joined(these: readonly Heard[]): Float64Array {
  const all = new Float64Array(these.reduce((sum, each) => sum + each.rows.length, 0));
  let at = 0;
  for (const each of these) {
    all.set(each.rows, at);
    at += each.rows.length;
  }
  return all;
}
