import type { Books } from './books.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Webhooks } from './webhooks.ts';
import type { StripeEvent } from './wire.types.ts';

/** What every verb of the payment simulator is given. */
export interface StripeContext {
  books: Books;
  plan: FaultPlan;
  webhooks: Webhooks;
  pending: Pending;
  settings: StripeSettings;
  /** The API request that caused it, named in the events it makes. */
  cause: StripeEvent['request'];
  /** Nothing is announced: what is written happened in the past. */
  quiet?: boolean;
  onChange: () => void;
}

export interface StripeSettings {
  apiVersion: string;
  /** Start of addresses handed to browsers: public origin (or nothing) and base path. */
  publicBase: string;
  /** How long "processing" payments and pending refunds take. */
  settleAfterMs: number;
}

/** Outcomes that come later: by timer, or at once when a test asks. */
export class Pending {
  #works = new Map<NodeJS.Timeout, () => void>();

  after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#works.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#works.set(timer, work);
  }

  /** Runs everything that is pending now, oldest first. */
  settle(): void {
    for (const [timer, work] of [...this.#works]) {
      clearTimeout(timer);
      this.#works.delete(timer);
      work();
    }
  }

  stop(): void {
    for (const timer of this.#works.keys()) clearTimeout(timer);
    this.#works.clear();
  }
}
