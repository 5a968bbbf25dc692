import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import postgres from 'postgres';
import { type FeedSource, type FeedSourceOptions, type OpenFeedSource, reasonOf } from './feed-source.ts';
import { createPgOutputReader, type HeardRow, isVisible, statusUpdate } from './pgoutput.rules.ts';

/** Of the publication, and the prefix of messages that triggers write into the log. */
export const PUBLICATION = 'liventix_feed';
/** Rows of one transaction kept at most; beyond them it is cheaper to read everything that is open again. */
const FLOOD_ROWS = 20_000;
/** Least time between two questions what is visible already. */
const ASK_EVERY_MS = 5;
/** Also how long a fast shutdown of PostgreSQL may wait for a process whose loop is blocked. */
const SENDER_TIMEOUT_MS = 15_000;

interface Heard {
  xid: number;
  rows: HeardRow[];
  flood: boolean;
}

/**
 * Logical replication straight from the write-ahead log: costs committers next to nothing. One temporary slot and one
 * sender of the server, gone with the connection.
 *
 * postgres.js opens the connection and the stream; its own `subscribe` is not used, because it comes back by itself into
 * a promise nobody holds, hides the transaction's number, and does not say where it stands.
 */
export const openReplication: OpenFeedSource = async (options, signal) => {
  const slot = `liventix_feed_${randomBytes(8).toString('hex')}`;
  const sql = postgres(options.engineUrl, {
    max: 1,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: 'liventix-feed',
      wal_sender_timeout: SENDER_TIMEOUT_MS,
      // Typed as booleans and numbers only; the protocol's third value is this.
      replication: 'database' as unknown as boolean,
    },
  });
  const close = async (): Promise<void> => {
    await sql.end({ timeout: 0 }).catch(() => {});
    await removeSlot(options.ask, slot);
  };
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('ended')), { once: true });
  });
  try {
    const opening = (async () => {
      // Waits for transactions that are open; `feed.ts` polls meanwhile.
      const [made] = await sql.unsafe(`CREATE_REPLICATION_SLOT ${slot} TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT`);
      const stream = await sql
        .unsafe(
          `START_REPLICATION SLOT ${slot} LOGICAL ${made?.consistent_point} (proto_version '1', publication_names '${PUBLICATION}', messages 'true')`,
        )
        .writable();
      return stream as unknown as Duplex;
    })();
    opening.catch(() => {});
    const stream = await Promise.race([opening, ended]);
    return follow(stream, options, close);
  } catch (error) {
    await close();
    throw error;
  }
};

function follow(stream: Duplex, options: FeedSourceOptions, close: () => Promise<void>): FeedSource {
  const read = createPgOutputReader(PUBLICATION);
  let over = false;
  let current: Heard | null = null;
  let taken = 0n;
  const lose = (why: string): void => {
    if (over) return;
    over = true;
    clearInterval(confirming);
    options.onLost(why);
  };
  const confirm = (): void => {
    if (!over && taken > 0n && stream.writable) stream.write(statusUpdate(taken, Date.now()));
  };
  // The server frees what lies before the place we say we have reached.
  const confirming = setInterval(confirm, 5000);
  confirming.unref();
  const visible = whenVisible(options, () => over, lose);

  stream.on('data', (chunk: Buffer) => {
    try {
      if (chunk[0] === 0x6b) {
        const end = chunk.readBigUInt64BE(1);
        if (end > taken && !current) taken = end;
        if (chunk[17]) confirm();
        return;
      }
      if (chunk[0] !== 0x77) return;
      const message = read(chunk.subarray(25));
      if (message?.name === 'begin') current = { xid: message.xid, rows: [], flood: false };
      else if (message?.name === 'flood' && current) current.flood = true;
      else if (message?.name === 'rows' && current) {
        if (current.rows.length < FLOOD_ROWS) current.rows.push(...message.heard);
        else current.flood = true;
      } else if (message?.name === 'commit') {
        taken = message.endLsn;
        if (current) visible(current);
        current = null;
      }
    } catch (error) {
      lose(reasonOf(error));
    }
  });
  stream.on('error', (error) => lose(reasonOf(error)));
  stream.on('end', () => lose('the server ended the stream'));
  stream.on('close', () => lose('the stream closed'));
  return {
    close: () => {
      over = true;
      clearInterval(confirming);
      return close();
    },
  };
}

/** Holds transactions back until every statement that starts sees them: one question at a time for all that wait. */
function whenVisible(
  { ask, onRows, onFlood }: FeedSourceOptions,
  isOver: () => boolean,
  lose: (why: string) => void,
): (heard: Heard) => void {
  let waiting: Heard[] = [];
  let asking = false;
  async function release(): Promise<void> {
    asking = true;
    try {
      while (waiting.length > 0 && !isOver()) {
        const batch = waiting;
        waiting = [];
        const [now] = await ask<{ snapshot: string }[]>`select pg_current_snapshot()::text as snapshot`;
        if (isOver()) return;
        const hidden: Heard[] = [];
        for (const heard of batch) {
          if (!isVisible(now?.snapshot ?? '0:0:', heard.xid)) hidden.push(heard);
          else if (heard.flood) onFlood();
          else onRows(heard.rows);
        }
        waiting = [...hidden, ...waiting];
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
    } catch (error) {
      lose(reasonOf(error));
    } finally {
      asking = false;
    }
  }
  return (heard) => {
    if (heard.rows.length === 0 && !heard.flood) return;
    waiting.push(heard);
    if (!asking) void release();
  };
}

/**
 * A closed connection is not noticed by a server process that still waits for other transactions to end: it is told.
 * The slot goes with it.
 */
async function removeSlot(ask: postgres.Sql, slot: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    try {
      const rows = await ask.begin(async (sql) => {
        // Processes are ended by the login they belong to, not by the role that its statements run as.
        await sql`set local role none`;
        return sql`
          select case when active_pid is null then null else pg_terminate_backend(active_pid) end
            from pg_replication_slots where slot_name = ${slot}`;
      });
      if (rows.length === 0) return;
    } catch {
      return; // the server is away, and what was temporary with it
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
