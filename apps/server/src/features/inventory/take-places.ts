import type { Sql } from '@liventix/db/client';
import { Combiner, type Gone } from '../../platform/combine.ts';
import type { WorkCtx } from '../../platform/context.ts';
import { FullTiers } from './full-tiers.ts';
import { type HoldAnswer, type HoldRequest, readSaleFacts, reserveBatch, type SaleFacts } from './inventory.sql.ts';
import { perProcess } from './per-process.ts';

export type { HoldAnswer, HoldOutcome } from './inventory.sql.ts';

const BATCH_MOST = 256;
/** Checkouts over several tiers, which lock all of them: up to twenty lines each, decided one by one. */
const SEVERAL_MOST = 64;
const IN_FLIGHT = 2;
/** Queues nobody waits in are forgotten when there are more than these. */
const QUEUES_KEPT = 1000;
const FACTS_LIVE_MS = 2000;

/** The combiners of one process: one queue per tier, and one per event for checkouts over several tiers. */
export class Inventory {
  #sql: Sql;
  #lanes: readonly Sql[];
  #queues = new Map<string, Combiner<HoldRequest, HoldAnswer>>();
  #full: FullTiers;
  #facts = new Map<string, { at: number; facts: Promise<SaleFacts | null> }>();

  /** @param lanes connections of one each: two batches of a tier are under way on one of them, and end in queue order */
  constructor(sql: Sql, lanes: readonly Sql[]) {
    this.#sql = sql;
    this.#lanes = lanes;
    this.#full = new FullTiers(sql);
  }

  /** Takes all places of a checkout, or none; answers after the commit. See `HoldOutcome`. */
  async take(eventId: string, request: HoldRequest, gone?: Gone): Promise<HoldAnswer> {
    const [line] = request.lines;
    if (!line || request.lines.length > 1 || request.replaces)
      return this.#queue(`several:${eventId}`, SEVERAL_MOST).submit(request, gone);
    // Behind a batch under way she waits for its outcome: an earlier copy of her own request may be in it.
    if (this.#queue(line.tierId).idle) {
      const refusal = await this.#full.refusalOf(line.tierId, request, gone);
      if (refusal) return refusal;
    }
    const answer = await this.#queue(line.tierId).submit(request, gone);
    this.#full.hear(line.tierId, answer);
    return answer;
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

  /** The same, read now: for an answer that must not be two seconds old. */
  freshFactsOf(eventId: string): Promise<SaleFacts | null> {
    this.#facts.delete(eventId);
    return this.factsOf(eventId);
  }

  /** Requests that wait for their turn, over all queues. */
  get waiting(): number {
    let waiting = 0;
    for (const queue of this.#queues.values()) waiting += queue.waiting;
    return waiting;
  }

  /** Batches the database works on. */
  get underWay(): number {
    let underWay = 0;
    for (const queue of this.#queues.values()) underWay += queue.underWay;
    return underWay;
  }

  #laneOf(key: string): Sql {
    let sum = 0;
    for (let at = 0; at < key.length; at++) sum = (sum * 31 + key.charCodeAt(at)) >>> 0;
    return this.#lanes[sum % this.#lanes.length] as Sql;
  }

  #queue(key: string, maxBatch = BATCH_MOST): Combiner<HoldRequest, HoldAnswer> {
    let queue = this.#queues.get(key);
    if (!queue) {
      if (this.#queues.size > QUEUES_KEPT) {
        for (const [other, combiner] of this.#queues) if (combiner.idle) this.#queues.delete(other);
      }
      const lane = this.#laneOf(key);
      queue = new Combiner({
        flush: (requests) => reserveBatch(lane, requests),
        maxBatch,
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

const inventoryOf = perProcess(({ db }) => new Inventory(db.engine.sql, db.inventory));

/** The process's inventory: the only way to take places. */
export function inventory(ctx: Pick<WorkCtx, 'services'>): Inventory {
  return inventoryOf(ctx);
}
