/** A process that takes places as a server does, for keys that need more than one. */
import { type Databases, openDatabases } from '@liventix/db/client';
import { productTake, type Wish } from './hot-tier.ts';
import { type CallFigures, measureCalls } from './measure-calls.ts';
import { serveParent } from './start-child.ts';

let db: Databases | null = null;
/** What a process sold, and when by the clock that all processes of the machine share (milliseconds). */
export interface Sold extends CallFigures {
  startedAt: number;
  endedAt: number;
  ranOut: boolean;
}

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
let wishes: Wish[] = [];
let take: ((wish: Wish) => Promise<boolean>) | null = null;

serveParent({
  async open(input: { urls: { api: string; engine: string; auth: string }; eventId: string; tierIds: string[] }) {
    await db?.end();
    db = openDatabases(input.urls, { applicationName: 'liventix-bench-process' });
    take = productTake({ db }, input);
  },
  /** Takes what it will ask for, so that the start itself is a small message; answers how many the warm-up got. */
  async load(input: { wishes: Wish[]; callers: number; warmUp: number }): Promise<number> {
    wishes = input.wishes.slice(input.warmUp);
    const first = input.wishes.slice(0, input.warmUp);
    const warm = { callers: input.callers, forMs: Number.POSITIVE_INFINITY };
    return (await measureCalls(take as NonNullable<typeof take>, first, warm)).granted;
  },
  async go(input: { callers: number; forMs: number }): Promise<Sold> {
    const startedAt = now();
    const figures = await measureCalls(take as NonNullable<typeof take>, wishes, input);
    return { ...figures, startedAt, endedAt: now(), ranOut: figures.answered === wishes.length };
  },
});
