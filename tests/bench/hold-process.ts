/** A process that takes places as a server does, for keys that need more than one. */
import { type Databases, openDatabases } from '@liventix/db/client';
import { productTake, type Wish } from './hot-tier.ts';
import { measureCalls } from './measure-calls.ts';
import { serveParent } from './start-child.ts';

let db: Databases | null = null;
let take: ((wish: Wish) => Promise<boolean>) | null = null;

serveParent({
  async open(input: { urls: { api: string; engine: string; auth: string }; eventId: string; tierIds: string[] }) {
    await db?.end();
    db = openDatabases(input.urls, { applicationName: 'liventix-bench-process' });
    take = productTake({ db }, input);
  },
  take: (input: { wishes: Wish[]; callers: number; forMs: number; warmUp: number }) =>
    measureCalls(take as NonNullable<typeof take>, input.wishes, input),
});
