import postgres from 'postgres';
import type { Logger } from '../log.ts';
import type { FeedCommand, FeedRow } from './define-room.ts';

export const PUBLICATION = 'liventix_feed';

export interface FeedOptions {
  /** Connection string of liventix_engine (it has REPLICATION). */
  engineUrl: string;
  /** Name of this process in `public.feed_beats`; unique among the nodes of one database. */
  node: string;
  /** `schema.table`, the row, and the old key when the database sends it. */
  onRow(table: string, row: FeedRow, old: FeedRow | null, command: FeedCommand): void;
  /** Called after every (re)subscription: whatever happened before it was not heard. */
  resync(): Promise<void>;
  log: Logger;
  beatMs?: number;
  silentMs?: number;
}

export interface Feed {
  /** Whether changes of other writers are being heard; while not, rooms are polled. */
  readonly alive: boolean;
  /** Resolves when the feed is heard for the first time, or is known to be impossible here. */
  readonly settled: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The supervised replication feed: postgres.js's `subscribe` never comes back by itself after its backend is terminated
 * or the server restarts (porsager/postgres#757), so every error and every silence throws the client away and makes a
 * new one, with growing pauses from 50 ms to 5 s, and resyncs. A heartbeat row written through the database proves that
 * the feed is heard, because PostgreSQL 18 only warns about a missing publication and then sends nothing.
 */
export function startFeed(options: FeedOptions): Feed {
  const { log } = options;
  const beatMs = options.beatMs ?? 1000;
  const silentMs = options.silentMs ?? 3 * beatMs;
  let generation = 0;
  let failures = 0;
  let alive = false;
  let stopped = false;
  let heardAt = 0;
  let client: postgres.Sql | null = null;
  let retry: NodeJS.Timeout | null = null;
  let opening: Promise<void> = Promise.resolve();
  const onnotice = () => {};
  const beats = postgres(options.engineUrl, {
    max: 1,
    onnotice,
    connection: { application_name: 'liventix-feed-beat' },
  });
  let settle: () => void = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });

  async function discard(old: postgres.Sql | null): Promise<void> {
    await old?.end({ timeout: 0 }).catch(() => {});
  }

  function lost(mine: number, why: string): void {
    if (mine !== generation || stopped) return;
    generation++;
    alive = false;
    const waitMs = Math.min(5000, 50 * 2 ** failures++);
    log.warn({ why, waitMs }, 'live feed lost');
    retry = setTimeout(open, waitMs);
  }

  function open(): void {
    opening = subscribe();
  }

  async function subscribe(): Promise<void> {
    const mine = ++generation;
    const old = client;
    client = null;
    await discard(old);
    if (stopped) return;
    try {
      const [facts] = await beats<{ wal_level: string; published: boolean }[]>`
        select current_setting('wal_level') as wal_level,
               exists (select from pg_publication where pubname = ${PUBLICATION}) as published`;
      if (mine !== generation || stopped) return;
      if (facts?.wal_level !== 'logical') {
        log.warn({ walLevel: facts?.wal_level }, 'no logical replication here: live rooms are polled once a second');
        settle();
        return;
      }
      if (!facts.published) throw new Error(`publication ${PUBLICATION} is missing`);
      const mineClient = postgres(options.engineUrl, { max: 1, publications: PUBLICATION, onnotice });
      client = mineClient;
      await withTimeout(
        mineClient.subscribe(
          '*',
          (row, info) => {
            if (mine !== generation) return;
            heardAt = Date.now();
            const table = `${info.relation.schema}.${info.relation.table}`;
            if (table === 'public.feed_beats') return;
            const old = 'old' in info ? (info.old as FeedRow | null) : null;
            try {
              options.onRow(table, (row ?? old ?? {}) as FeedRow, old, info.command);
            } catch (err) {
              log.error({ err, table }, 'a room mapping threw');
            }
          },
          () => {},
          // The library hands the error over, its types do not say so.
          ((error: unknown) => lost(mine, reasonOf(error))) as () => void,
        ),
        5000,
      );
      if (mine !== generation || stopped) {
        await discard(mineClient);
        return;
      }
      heardAt = Date.now();
      await options.resync();
      if (mine !== generation) return;
      failures = 0;
      alive = true;
      settle();
      log.info('live feed is heard');
    } catch (error) {
      lost(mine, reasonOf(error));
    }
  }

  const beat = setInterval(async () => {
    try {
      await beats`insert into public.feed_beats (node, n) values (${options.node}, 1)
                  on conflict (node) do update set n = public.feed_beats.n + 1`;
    } catch {
      // the silence below says it
    }
    if (alive && !stopped && Date.now() - heardAt > silentMs) lost(generation, 'silent');
  }, beatMs);
  open();

  return {
    get alive() {
      return alive;
    },
    settled,
    async stop() {
      stopped = true;
      generation++;
      alive = false;
      clearInterval(beat);
      if (retry) clearTimeout(retry);
      settle();
      await withTimeout(opening, 2000).catch(() => {});
      await beats`delete from public.feed_beats where node = ${options.node}`.catch(() => {});
      await Promise.all([client?.end({ timeout: 1 }).catch(() => {}), beats.end({ timeout: 1 }).catch(() => {})]);
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return (error as Error & { code?: string }).code ?? error.message;
  return String(error);
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
