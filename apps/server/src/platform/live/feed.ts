import postgres from 'postgres';
import type { Logger } from '../log.ts';
import type { FeedCommand, FeedRow } from './define-room.ts';
import { type FeedSource, type OpenFeedSource, reasonOf } from './feed-source.ts';
import { openNotify } from './notify-source.ts';
import type { HeardRow } from './pgoutput.rules.ts';
import { openReplication, PUBLICATION } from './replication-source.ts';

/** How other writers are heard: see the README beside this file for what each costs. */
export type FeedMode = 'replication' | 'notify' | 'poll';

/**
 * - `heard`: changes of other writers arrive
 * - `deaf`: the database answers, but changes do not arrive (yet): rooms are polled
 * - `away`: the database does not answer
 */
export type FeedState = 'heard' | 'deaf' | 'away';

export interface FeedOptions {
  /** Connection string of liventix_engine (it has REPLICATION). */
  engineUrl: string;
  /** Name of this process in `public.feed_beats`; unique among the nodes of one database. */
  node: string;
  mode?: FeedMode;
  /** `schema.table`, the row, and the old key when the database sends it. */
  onRow(table: string, row: FeedRow, old: FeedRow | null, command: FeedCommand): void;
  /** Everything open must be read again; called when the database is back, and regularly while the feed is deaf. */
  poll(): void;
  /** Called when hearing (again) begins: what happened before was not heard, ended sessions and rights included. */
  resync(): void;
  log: Logger;
  /** How often the feed proves that it is heard. Default 200 ms. */
  beatMs?: number;
  /** How often everything open is read while it is not. Default 500 ms. */
  pollMs?: number;
}

export interface Feed {
  readonly state: FeedState;
  /** Whether changes of other writers are being heard; while not, rooms are polled. */
  readonly alive: boolean;
  /** Resolves when the feed is heard for the first time, or is known to be impossible here. */
  readonly settled: Promise<void>;
  /** Leaves nothing behind on the server. */
  stop(): Promise<void>;
}

const SOURCES: Record<Exclude<FeedMode, 'poll'>, OpenFeedSource> = {
  replication: openReplication,
  notify: openNotify,
};

/**
 * A sender that stands still is found out by the fourth beat, three of them unheard, and the first poll follows at once:
 * 4 x 200 ms leaves a fifth of the second in which screens must be true again. A beat is one upsert by primary key on a
 * connection of its own and one small commit: five a second and node.
 */
const BEAT_MS = 200;
const POLL_MS = 500;
/**
 * Beats that were committed and not heard until we call the feed deaf, and until it is made anew. The second is long (about
 * ten seconds): polling already keeps screens true, and a sender busy with one large transaction would only begin again.
 */
const DEAF_AFTER_BEATS = 3;
const LOST_AFTER_BEATS = 48;
/** A server that restarts is asked often: what happened meanwhile must be on screens within a second. */
const RETRY_MS = { least: 25, most: 250 };
/** A commit that was in the log before we listened, and visible only after we read, is caught by one more look. */
const SECOND_LOOK_MS = 300;

/**
 * The supervised feed. Every error and every silence throws the source away and makes a new one; then everything open is
 * read again. A heartbeat row written through the database proves that the feed is heard, because PostgreSQL only warns
 * about a missing publication and then sends nothing. Silence is counted in beats, not in time: a process whose loop was
 * blocked, or that got no processor, has missed nothing.
 */
export function startFeed(options: FeedOptions): Feed {
  const { log, mode = 'replication' } = options;
  const beatMs = options.beatMs ?? BEAT_MS;
  let state: FeedState = 'away';
  let stopped = false;
  let failures = 0;
  let silent = 0;
  const beaten = { committed: 0, heard: 0, underWay: false };
  let source: FeedSource | null = null;
  let attempt: AbortController | null = null;
  let retry: NodeJS.Timeout | null = null;
  let look: NodeJS.Timeout | null = null;
  let opening: Promise<void> = Promise.resolve();
  const ask = postgres(options.engineUrl, {
    max: 1,
    fetch_types: false,
    onnotice: () => {},
    connect_timeout: 5,
    backoff: () => RETRY_MS.least / 1000,
    connection: { application_name: 'liventix-feed-beat', statement_timeout: 5000 },
  });
  let settle: () => void = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });

  function turn(next: FeedState, why: string): void {
    if (stopped || state === next) return;
    // Losing what was heard is news; waiting for the first time to be heard is how every start goes.
    log[state === 'heard' || next === 'away' ? 'warn' : 'info']({ why, was: state }, `live feed is ${next}`);
    state = next;
    if (next === 'deaf') options.poll();
  }

  function lost(mine: AbortController, why: string): void {
    if (stopped || attempt !== mine) return;
    attempt = null;
    mine.abort();
    const old = source;
    source = null;
    silent = 0;
    turn('away', why); // until the database answers
    const waitMs = Math.min(RETRY_MS.most, RETRY_MS.least * 2 ** failures++) * (0.8 + 0.4 * Math.random());
    retry = setTimeout(() => {
      opening = (old?.close() ?? Promise.resolve()).then(open);
    }, waitMs);
  }

  /** What the database says about itself; throws when it does not answer. */
  async function readFacts(): Promise<{ logical: boolean; published: boolean }> {
    const [facts] = await ask<{ logical: boolean; published: boolean }[]>`
      select current_setting('wal_level') = 'logical' as logical,
             exists (select from pg_publication where pubname = ${PUBLICATION}) as published`;
    return facts as { logical: boolean; published: boolean };
  }

  async function open(): Promise<void> {
    if (stopped) return;
    const mine = new AbortController();
    attempt = mine;
    try {
      const facts = await readFacts();
      if (stopped || mine.signal.aborted) return;
      const possible = mode === 'notify' || (mode === 'replication' && facts.logical);
      turn('deaf', possible ? 'not heard yet' : 'other writers are not heard here');
      if (!possible) {
        if (mode !== 'poll') log.warn({ mode }, 'other writers are not heard here: rooms are polled twice a second');
        failures = 0;
        settle();
        return;
      }
      if (!facts.published) throw new Error(`publication ${PUBLICATION} is missing`);
      const opened = await SOURCES[mode === 'notify' ? 'notify' : 'replication'](
        {
          engineUrl: options.engineUrl,
          ask,
          onRows: (rows) => {
            if (attempt === mine) for (const row of rows) hear(row);
          },
          onFlood: () => {
            if (attempt === mine) options.resync();
          },
          onLost: (why) => lost(mine, why),
        },
        mine.signal,
      );
      if (stopped || mine.signal.aborted) return await opened.close();
      source = opened;
      failures = 0;
      silent = 0;
      turn('heard', mode);
      options.resync();
      look = setTimeout(options.poll, SECOND_LOOK_MS);
      settle();
    } catch (error) {
      lost(mine, reasonOf(error));
    }
  }

  function hear({ table, row, old, command }: HeardRow): void {
    if (table === 'public.feed_beats') {
      if (row.node === options.node) beaten.heard = Math.max(beaten.heard, Number(row.n));
      return;
    }
    try {
      options.onRow(table, row, old, command);
    } catch (err) {
      log.error({ err, table }, 'a room mapping threw');
    }
  }

  async function beat(): Promise<void> {
    if (beaten.underWay || stopped) return;
    beaten.underWay = true;
    try {
      const [row] = await ask<{ n: string }[]>`
        insert into public.feed_beats (node, n) values (${options.node}, 1)
        on conflict (node) do update set n = public.feed_beats.n + 1 returning n`;
      beaten.committed = Number(row?.n);
      if (state === 'away' && !source) turn('deaf', 'the database answers');
    } catch (error) {
      if (!source && state === 'deaf') turn('away', reasonOf(error));
    } finally {
      beaten.underWay = false;
    }
  }

  function listen(): void {
    const mine = attempt;
    if (!source || !mine) return;
    if (beaten.heard >= beaten.committed) {
      silent = 0;
      if (state === 'deaf') {
        turn('heard', 'caught up');
        options.poll();
      }
      return;
    }
    silent++;
    if (silent >= LOST_AFTER_BEATS) lost(mine, 'silent');
    else if (silent >= DEAF_AFTER_BEATS) turn('deaf', 'behind');
  }

  // What has arrived meanwhile is taken before silence is judged: timers run before sockets in a turn of the loop.
  const beating = setInterval(() => {
    setImmediate(() => {
      if (stopped) return;
      listen();
      void beat();
    });
  }, beatMs);
  const polling = setInterval(() => {
    if (state === 'deaf') options.poll();
  }, options.pollMs ?? POLL_MS);
  polling.unref();
  opening = open();

  return {
    get state() {
      return state;
    },
    get alive() {
      return state === 'heard';
    },
    settled,
    async stop() {
      stopped = true;
      state = 'away';
      clearInterval(beating);
      clearInterval(polling);
      if (retry) clearTimeout(retry);
      if (look) clearTimeout(look);
      settle();
      attempt?.abort();
      await opening.catch(() => {});
      await source?.close();
      await ask`delete from public.feed_beats where node = ${options.node}`.catch(() => {});
      await ask.end({ timeout: 1 }).catch(() => {});
    },
  };
}
