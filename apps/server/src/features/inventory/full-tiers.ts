/** Tiers that were full a moment ago: who asks for one is refused by a read, ahead of the queue and of the tier's lock. */
import type { Sql } from '@liventix/db/client';
import { Combiner, type Gone } from '../../platform/combine.ts';
import { type HoldAnswer, type HoldRequest, readRefusals } from './inventory.sql.ts';

const BATCH_MOST = 256;
const IN_FLIGHT = 2;
const TIERS_KEPT = 1000;

/**
 * What is remembered is only that asking is worth it; the answer is the database's, read without a lock, many requests in
 * one statement. So it needs no feed to be true: a place that came back, a hold that lapsed or a checkout that is known
 * (on whichever node) is seen by the very next request.
 */
export class FullTiers {
  #sql: Sql;
  #tiers = new Map<string, Combiner<HoldRequest, HoldAnswer | null>>();

  /** @param sql other connections than the queues': a read must not stand behind a batch that waits for a lock */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Takes notice of what `reserve_batch` said to a checkout of this tier alone. */
  hear(tierId: string, { outcome, detail }: HoldAnswer): void {
    if (outcome === 'sold_out' || outcome === 'all_in_checkout') this.#remember(tierId);
    else if (outcome === 'not_enough' || (outcome === 'held' && !detail.replayed)) this.#tiers.delete(tierId);
  }

  /**
   * The refusal `reserve_batch` would give; null for whoever it must decide.
   * @throws BUSY as every queue does
   */
  async refusalOf(tierId: string, request: HoldRequest, gone?: Gone): Promise<HoldAnswer | null> {
    return (await this.#tiers.get(tierId)?.submit(request, gone)) ?? null;
  }

  #remember(tierId: string): void {
    if (this.#tiers.has(tierId)) return;
    if (this.#tiers.size >= TIERS_KEPT) this.#tiers.clear(); // who waits in one is answered all the same
    this.#tiers.set(
      tierId,
      new Combiner({
        flush: (requests) => readRefusals(this.#sql, tierId, requests),
        maxBatch: BATCH_MOST,
        maxInFlight: IN_FLIGHT,
      }),
    );
  }
}
