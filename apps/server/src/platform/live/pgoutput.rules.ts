import type { FeedCommand, FeedRow } from './define-room.ts';

/** One changed row of a committed transaction. */
export interface HeardRow {
  /** `schema.table`. */
  table: string;
  row: FeedRow;
  /** The old key, or the whole old row, where the database sends it. */
  old: FeedRow | null;
  command: FeedCommand;
}

export type PgOutputMessage =
  | { name: 'begin'; xid: number }
  | { name: 'rows'; heard: HeardRow[] }
  /** A statement changed more rows than anybody wants to be told one by one. */
  | { name: 'flood' }
  | { name: 'commit'; endLsn: bigint }
  | null;

/** What a trigger tells of its statement (`ticketing.tell_holds`): table, command, rows; null for too many of them. */
interface Told {
  t: string;
  c: FeedCommand;
  r: FeedRow[] | null;
}

interface Relation {
  table: string;
  columns: { name: string; type: number; key: boolean }[];
}

/** Whole numbers that fit, and booleans, are values; all else (bigint too) is the text PostgreSQL writes. */
const PARSERS: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't',
  20: (text) => text,
  21: Number,
  23: Number,
};

/**
 * Reads the stream of the pgoutput plugin, protocol version 1. One per subscription: it learns the tables on the way.
 * @param prefix of the messages that are ours; the log may carry those of others
 */
export function createPgOutputReader(prefix: string): (message: Buffer) => PgOutputMessage {
  const relations = new Map<number, Relation>();

  function learn(message: Buffer): null {
    const at = { index: 5 };
    const schema = textUntilZero(message, at) || 'pg_catalog';
    const table = textUntilZero(message, at);
    at.index += 1; // replica identity
    const columns: Relation['columns'] = [];
    const count = message.readUInt16BE(at.index);
    at.index += 2;
    for (let i = 0; i < count; i++) {
      const key = message[at.index] === 1;
      at.index += 1;
      const name = textUntilZero(message, at);
      columns.push({ name, type: message.readUInt32BE(at.index), key });
      at.index += 8; // type, type modifier
    }
    relations.set(message.readUInt32BE(1), { table: `${schema}.${table}`, columns });
    return null;
  }

  function change(message: Buffer, command: FeedCommand): PgOutputMessage {
    const relation = relations.get(message.readUInt32BE(1));
    if (!relation) throw new Error('the feed names a table it did not describe');
    const at = { index: 5 };
    let old: FeedRow | null = null;
    let row: FeedRow | null = null;
    while (at.index < message.length) {
      const part = String.fromCharCode(message[at.index] as number);
      at.index += 1;
      if (part === 'N') row = tuple(message, relation, at, false);
      else old = tuple(message, relation, at, part === 'K');
    }
    return { name: 'rows', heard: [{ table: relation.table, row: row ?? old ?? {}, old, command }] };
  }

  function told(message: Buffer): PgOutputMessage {
    const at = { index: 10 }; // flags, place in the log
    if (textUntilZero(message, at) !== prefix) return null;
    const { t, c, r } = JSON.parse(message.toString('utf8', at.index + 4)) as Told; // after its length
    if (r === null) return { name: 'flood' };
    return { name: 'rows', heard: r.map((row) => ({ table: t, row, old: c === 'delete' ? row : null, command: c })) };
  }

  return (message) => {
    switch (String.fromCharCode(message[0] as number)) {
      case 'B':
        return { name: 'begin', xid: message.readUInt32BE(17) };
      case 'C':
        return { name: 'commit', endLsn: message.readBigUInt64BE(10) };
      case 'R':
        return learn(message);
      case 'I':
        return change(message, 'insert');
      case 'U':
        return change(message, 'update');
      case 'D':
        return change(message, 'delete');
      case 'M':
        return told(message);
      default:
        return null; // origin, type, truncate (not published)
    }
  };
}

function textUntilZero(message: Buffer, at: { index: number }): string {
  const end = message.indexOf(0, at.index);
  const text = message.toString('utf8', at.index, end);
  at.index = end + 1;
  return text;
}

function tuple(message: Buffer, { columns }: Relation, at: { index: number }, keysOnly: boolean): FeedRow {
  const row: FeedRow = {};
  at.index += 2;
  for (const { name, type, key } of columns) {
    const form = String.fromCharCode(message[at.index] as number);
    at.index += 1;
    if (form === 't') {
      const length = message.readUInt32BE(at.index);
      const text = message.toString('utf8', at.index + 4, at.index + 4 + length);
      at.index += 4 + length;
      row[name] = PARSERS[type]?.(text) ?? text;
    } else if (form === 'n' && !(keysOnly && !key)) row[name] = null;
    // 'u' is a large value that did not change: it is not sent, and the column is absent.
  }
  return row;
}

/**
 * Whether a transaction is seen by statements that start now, from `pg_current_snapshot()` as text. The stream may tell
 * a commit before other sessions can see it: what is read in that moment would be the state before.
 * @param xid the transaction's 32-bit number as the stream says it
 */
export function isVisible(snapshot: string, xid: number): boolean {
  const [xmin, xmax, running] = snapshot.split(':') as [string, string, string];
  const newest = BigInt(xmax);
  // Near the newest one, so the distance fits 32 bits with a sign, whatever the epoch.
  const whole = newest + BigInt.asIntN(32, BigInt(xid) - BigInt.asUintN(32, newest));
  if (whole >= newest) return false;
  if (whole < BigInt(xmin)) return true;
  return !running.split(',').includes(String(whole));
}

/** The answer to a keepalive: everything up to here has been taken. */
export function statusUpdate(lsn: bigint, nowMs: number): Buffer {
  const message = Buffer.alloc(34);
  message[0] = 0x72; // r
  for (const at of [1, 9, 17]) message.writeBigUInt64BE(lsn, at);
  message.writeBigInt64BE(BigInt(nowMs - Date.UTC(2000, 0, 1)) * 1000n, 25);
  return message;
}
