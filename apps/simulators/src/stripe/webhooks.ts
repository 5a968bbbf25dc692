import http from 'node:http';
import https from 'node:https';
import Stripe from 'stripe';
import type { Books } from './books.ts';
import type { FaultPlan } from './fault-plan.ts';
import { nowSeconds } from './make-id.ts';
import { postWebhook } from './post-webhook.ts';
import type { StripeEvent } from './wire.types.ts';

const ATTEMPTS_MAX = 12;
const RETRY_MS_MAX = 30_000;
const REORDER_WAIT_MS = 300;
const SOCKETS_MAX = 64;
const DELIVERIES_KEPT = 5000;

export interface Delivery {
  id: number;
  event: StripeEvent;
  /** `held` waits for a flush, `dropped` is never sent, `given-up` has used up its attempts. */
  status: 'waiting' | 'held' | 'dropped' | 'delivered' | 'given-up';
  attempts: { at: string; status: number | null; note: string }[];
}

export type DeliveryOrder = (events: StripeEvent[]) => StripeEvent[];

interface WebhookSettings {
  url: string | null;
  secret: string;
  /** First pause before a retry; each further one is twice as long, at most 30 s. */
  retryMs: number;
  onChange: () => void;
}

/** Signs and delivers events until they are accepted, in the manner the fault plan asks for. */
export class Webhooks {
  url: string | null;
  readonly deliveries: Delivery[] = [];
  #books: Books;
  #plan: FaultPlan;
  #settings: WebhookSettings;
  #agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
    https: new https.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
  };
  #timers = new Set<NodeJS.Timeout>();
  #gathered: Delivery[] = [];
  #waiting = 0;
  #idle: (() => void)[] = [];
  #numbers = 0;
  #stopped = false;

  constructor(books: Books, plan: FaultPlan, settings: WebhookSettings) {
    this.#books = books;
    this.#plan = plan;
    this.#settings = settings;
    this.url = settings.url;
  }

  /** Sends a new event, as the fault plan says. Without an address events are only listed. */
  send(event: StripeEvent): void {
    if (!this.url || this.#stopped) return;
    if (this.#plan.dropNext > 0) {
      this.#plan.dropNext -= 1;
      this.#open(event, 'dropped');
      return;
    }
    for (let copy = 0; copy <= this.#plan.duplicate; copy += 1) {
      if (this.#plan.hold) this.#open(event, 'held');
      else this.#start(this.#open(event, 'waiting'));
    }
  }

  /** Sends an event again, whatever happened to it before; resolves after the first attempt. */
  async replay(event: StripeEvent): Promise<Delivery> {
    const delivery = this.#open(event, 'waiting');
    this.#waiting += 1;
    await this.#attempt(delivery);
    return delivery;
  }

  /**
   * Ends the hold and sends what was held, one after another in the order given (as held by default; an event may be
   * repeated or left out, then it is dropped). Resolves when each had its first attempt.
   */
  async flush(order: DeliveryOrder = (events) => events): Promise<void> {
    this.#plan.hold = false;
    const held = this.deliveries.filter((delivery) => delivery.status === 'held');
    for (const delivery of held) delivery.status = 'dropped';
    const unused = [...held];
    for (const event of order(held.map((delivery) => delivery.event))) {
      const index = unused.findIndex((delivery) => delivery.event.id === event.id);
      const [kept] = index >= 0 ? unused.splice(index, 1) : [];
      const delivery = kept ?? this.#open(event, 'waiting');
      delivery.status = 'waiting';
      this.#waiting += 1;
      await this.#attempt(delivery);
    }
  }

  /** Resolves when no delivery is under way or waiting for a retry (held ones do not count). */
  idle(): Promise<void> {
    if (this.#waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #open(event: StripeEvent, status: Delivery['status']): Delivery {
    this.#numbers += 1;
    const delivery: Delivery = { id: this.#numbers, event, status, attempts: [] };
    this.deliveries.push(delivery);
    // Only finished deliveries are forgotten; a waiting or held one is still owed.
    if (this.deliveries.length > DELIVERIES_KEPT && !['waiting', 'held'].includes(this.deliveries[0]?.status ?? '')) {
      this.deliveries.shift();
    }
    this.#settings.onChange();
    return delivery;
  }

  #start(delivery: Delivery): void {
    this.#waiting += 1;
    if (this.#plan.reorder < 2) {
      this.#later(this.#plan.delayMs, () => this.#attempt(delivery));
      return;
    }
    this.#gathered.push(delivery);
    if (this.#gathered.length >= this.#plan.reorder) this.#sendGathered();
    else if (this.#gathered.length === 1) this.#later(REORDER_WAIT_MS, () => this.#sendGathered());
  }

  async #sendGathered(): Promise<void> {
    for (const delivery of this.#gathered.splice(0).reverse()) await this.#attempt(delivery);
  }

  #later(ms: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    if (this.#stopped || !this.url) return this.#finish(delivery, 'given-up');
    const payload = JSON.stringify(delivery.event, null, 2);
    const signature = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret: this.#settings.secret,
      timestamp: nowSeconds(),
    });
    const answer = await postWebhook(this.url, payload, signature, this.#agents);
    delivery.attempts.push({ at: new Date().toISOString(), ...answer });
    if (this.#stopped) return;
    if (answer.status !== null && answer.status >= 200 && answer.status < 300) {
      delivery.event.pending_webhooks = 0;
      this.#books.keep('told', { id: delivery.event.id });
      return this.#finish(delivery, 'delivered');
    }
    if (delivery.attempts.length >= ATTEMPTS_MAX) return this.#finish(delivery, 'given-up');
    const pauseMs = Math.min(RETRY_MS_MAX, this.#settings.retryMs * 2 ** (delivery.attempts.length - 1));
    this.#later(pauseMs, () => this.#attempt(delivery));
    this.#settings.onChange();
  }

  #finish(delivery: Delivery, status: Delivery['status']): void {
    delivery.status = status;
    this.#waiting -= 1;
    if (this.#waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#settings.onChange();
  }
}
