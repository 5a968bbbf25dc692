import type { Sql } from '@liventix/db/client';
import type { Logger } from './log.ts';

const EVERY_MS = 60_000;
const AGAIN_MS = 1000;
/** An answer that travelled longer says too little about the moment it was given. */
const TRIP_MS = 1000;
const APART_MS = 2000;

export interface Clock {
  /** The database's time in epoch milliseconds, from this machine's clock and what it was last found to be off. */
  now(): number;
  /** Whether this machine's clock is more than two seconds off. */
  readonly apart: boolean;
  stop(): void;
}

export interface ClockOptions {
  /** Asked beside everything else: the engine's pool. */
  sql: Sql;
  log: Logger;
}

/**
 * The clock that holds expire by is the database's: what people count down by is measured against it at the start and
 * each minute, so that nodes whose clocks disagree show the same seconds.
 */
export function createClock({ sql, log }: ClockOptions): Clock {
  let offset = 0;
  let apart = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function measure(): Promise<boolean> {
    const started = performance.now();
    const before = Date.now();
    const [row] = await sql<{ at: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`;
    const trip = performance.now() - started;
    if (!row || trip > TRIP_MS) return false;
    offset = Math.round(row.at - (before + trip / 2));
    const now = Math.abs(offset) > APART_MS;
    if (now && !apart) log.warn({ offsetMs: offset }, 'the clock of this machine differs from the database');
    if (!now && apart) log.info('the clock of this machine agrees with the database again');
    apart = now;
    return true;
  }

  async function keepMeasuring(): Promise<void> {
    const measured = await measure().catch(() => false); // the database is away: the last offset stays the best
    if (stopped) return;
    timer = setTimeout(() => void keepMeasuring(), measured ? EVERY_MS : AGAIN_MS);
    timer.unref();
  }

  void keepMeasuring();
  return {
    now: () => Math.round(Date.now() + offset),
    get apart() {
      return apart;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
