import type { Sql } from '@liventix/db/client';
import type { WorkCtx } from '../../platform/context.ts';
import { Combiner } from './combine.ts';
import { type HoldAnswer, type HoldRequest, readSaleFacts, reserveBatch, type SaleFacts } from './inventory.sql.ts';
import { perProcess } from './per-process.ts';

export type { HoldAnswer, HoldOutcome } from './inventory.sql.ts';

const BATCH_MOST = 256;
const IN_FLIGHT = 2;
/** Queues nobody waits in are forgotten when there are more than these. */
const QUEUES_KEPT = 1000;
const FACTS_LIVE_MS = 2000;

/** The combiners of one process: one queue per tier, and one per event for checkouts over several tiers. */
export class Inventory {
  #sql: Sql;
  #queues = new Map<string, Combiner<HoldRequest, HoldAnswer>>();
  #facts = new Map<string, { at: number; facts: Promise<SaleFacts | null> }>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Takes all places of a checkout, or none; answers after the commit. See `HoldOutcome`. */
  take(eventId: string, request: HoldRequest, signal?: AbortSignal): Promise<HoldAnswer> {
    const alone = request.lines.length === 1 && !request.replaces;
    return this.#queue(alone ? (request.lines[0]?.tierId ?? '') : `several:${eventId}`).submit(request, signal);
  }

  /** Facts of an event that decide who may buy; at most two seconds old. Stock and sale state are never read from here. */
  factsOf(eventId: string): Promise<SaleFacts | null> {
    const known = this.#facts.get(eventId);
    const now = performance.now();
    if (known && now - known.at < FACTS_LIVE_MS) return known.facts;
    const facts = readSaleFacts(this.#sql, eventId);
    facts.catch(() => this.#facts.delete(eventId));
    if (this.#facts.size > QUEUES_KEPT) this.#facts.clear();
    this.#facts.set(eventId, { at: now, facts });
    return facts;
  }

  #queue(key: string): Combiner<HoldRequest, HoldAnswer> {
    let queue = this.#queues.get(key);
    if (!queue) {
      if (this.#queues.size > QUEUES_KEPT) {
        for (const [other, combiner] of this.#queues) if (combiner.idle) this.#queues.delete(other);
      }
      queue = new Combiner({
        flush: (requests) => reserveBatch(this.#sql, requests),
        maxBatch: BATCH_MOST,
        maxInFlight: IN_FLIGHT,
        keyOf: (request) => request.checkoutId,
        isSame: isSameRequest,
      });
      this.#queues.set(key, queue);
    }
    return queue;
  }
}

/** A click that was sent twice, or another wish under the same id? */
export function isSameRequest(a: HoldRequest, b: HoldRequest): boolean {
  return (
    a.checkoutId === b.checkoutId &&
    a.userId === b.userId &&
    a.replaces === b.replaces &&
    a.lines.length === b.lines.length &&
    a.lines.every((line, i) => line.tierId === b.lines[i]?.tierId && line.quantity === b.lines[i]?.quantity)
  );
}

const inventoryOf = perProcess(({ db }) => new Inventory(db.engine.sql));

/** The process's inventory: the only way to take places. */
export function inventory(ctx: Pick<WorkCtx, 'services'>): Inventory {
  return inventoryOf(ctx);
}
