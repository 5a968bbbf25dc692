import type { Work } from '@liventix/db/client';
import { takeTurns } from '../../platform/take-turns.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { perProcess } from '../inventory/per-process.ts';

/** Eight of the engine's twelve connections: what has nothing to do with orders always finds one. */
const turnsOf = perProcess(() => takeTurns({ atOnce: 8, waitMost: 1000, ofOneMost: 10 }));

/** A transaction about an order, for the person who waits for it. Orders that wait for a lock keep nobody else from the database. */
export function writeOrder<T>(ctx: PersonCtx, work: Work<T>): Promise<T> {
  return turnsOf(ctx)(['orders', ctx.actor.userId], () => ctx.db.engine.transaction(work));
}
