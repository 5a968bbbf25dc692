import type { JournalEntry } from './books.types.ts';
import { type ChallengeAnswer, completeChallenge } from './complete-challenge.ts';
import { confirmIntent } from './confirm-intent.ts';
import { type ApiFault, type ApiFaultKind, calmPlan, type FaultPlan } from './fault-plan.ts';
import { importPayments, type PastPayment } from './import-payments.ts';
import { makeTypedMethod } from './make-method.ts';
import { closeDispute, escalateInquiry, openDispute } from './open-dispute.ts';
import type { StripeContext } from './stripe.context.ts';
import { StripeRefusal } from './stripe-refusal.ts';
import type { Delivery, DeliveryOrder } from './webhooks.ts';
import type { Charge, Dispute, PaymentIntent, Refund, StripeEvent } from './wire.types.ts';

/** The hands of a test (and of the page) inside the payment simulator. */
export interface StripeControls {
  /** What really happened to money, oldest first: hold the database against this. */
  journal(): JournalEntry[];
  /** Sums of the journal for one intent, minor units; refunds that failed are not counted. */
  moneyOf(intentId: string): { captured: number; refunded: number };
  /** What the journal says an intent's disputes have taken: the open and the lost ones. */
  disputedOf(intentId: string): number;
  intents(): PaymentIntent[];
  charges(): Charge[];
  refunds(): Refund[];
  disputes(): Dispute[];
  /** Oldest first. */
  events(): StripeEvent[];
  deliveries(): Delivery[];

  /** The plan as it is; change its fields directly, or through `setFaults`. */
  readonly faults: FaultPlan;
  setFaults(changes: Partial<FaultPlan>): void;
  clearFaults(): void;
  /** Makes the next `times` (1) requests that fit go wrong. `path`: `/v1/refunds`, `/v1/payment_intents/*` or `*`. */
  failApi(kind: ApiFaultKind, options?: Partial<Omit<ApiFault, 'kind'>>): void;
  /** The next `times` (1) captures take this sum (and currency) instead of the intent's; null ends it. */
  captureAmount(amount: number | null, options?: { currency?: string; times?: number }): void;
  /** Queues webhooks until `flush`. */
  hold(): void;
  /** Sends what is held, in the order given, and ends the hold; resolves after every first attempt. */
  flush(order?: DeliveryOrder): Promise<void>;
  /** Sends an event again; resolves after the first attempt. */
  replay(eventId: string): Promise<Delivery>;
  setWebhookUrl(url: string | null): void;
  /** Resolves when no webhook is under way or waiting for a retry. */
  idle(): Promise<void>;

  /** Pays (or fails to) as the buyer in the browser would, with a test card's number. */
  pay(intentId: string, cardNumber?: string): PaymentIntent;
  /** Writes captured payments of the past into the books, without webhooks; known ids are left alone. */
  importPayments(payments: readonly PastPayment[]): number;
  completeChallenge(intentId: string, answer: ChallengeAnswer): PaymentIntent;
  /** Ends processing payments and pending refunds now instead of later. */
  settle(): void;
  /** A dispute on the intent's charge, over everything not refunded unless `amount` says less. */
  dispute(intentId: string, options?: { reason?: string; amount?: number; inquiry?: boolean }): Dispute;
  escalate(disputeId: string): Dispute;
  closeDispute(disputeId: string, outcome: 'won' | 'lost'): Dispute;
  /** Closes the port: connections are refused until `comeBack`. Takes the inbox's pages along. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

/** Binds the controls to a running simulator; `port` closes and opens its listener. */
export function makeControls(
  ctx: StripeContext,
  port: { close(): Promise<void>; open(): Promise<void> },
): StripeControls {
  const intentOf = (id: string) => ctx.books.find('intent', id) ?? missing('intent', id);
  const finish = <T>(value: T): T => {
    ctx.books.write();
    ctx.onChange();
    return value;
  };
  return {
    journal: () => [...ctx.books.journal],
    moneyOf: (intentId) => sumMoney(ctx.books.journal, intentId),
    disputedOf: (intentId) => sumDisputes(ctx.books.journal, intentId),
    intents: () => ctx.books.all('intent'),
    charges: () => ctx.books.all('charge'),
    refunds: () => ctx.books.all('refund'),
    disputes: () => ctx.books.all('dispute'),
    events: () => ctx.books.all('event'),
    deliveries: () => [...ctx.webhooks.deliveries],
    faults: ctx.plan,
    setFaults: (changes) => finish(void Object.assign(ctx.plan, changes)),
    clearFaults: () => finish(void Object.assign(ctx.plan, calmPlan())),
    failApi: (kind, { path = '*', method = null, times = 1 } = {}) =>
      finish(void ctx.plan.api.push({ kind, path, method, times })),
    captureAmount: (amount, { currency, times = 1 } = {}) => {
      ctx.plan.capture = amount === null ? null : { amount, currency: currency ?? null, times };
      ctx.onChange();
    },
    hold: () => finish(void Object.assign(ctx.plan, { hold: true })),
    flush: (order) => ctx.webhooks.flush(order),
    replay: (eventId) => ctx.webhooks.replay(ctx.books.find('event', eventId) ?? missing('event', eventId)),
    setWebhookUrl: (url) => {
      ctx.webhooks.url = url;
    },
    idle: () => ctx.webhooks.idle(),
    pay: (intentId, cardNumber = '4242424242424242') => finish(payAsBuyer(ctx, intentOf(intentId), cardNumber)),
    importPayments: (payments) => finish(importPayments(ctx, payments)),
    completeChallenge: (intentId, answer) => finish(completeChallenge(ctx, intentOf(intentId), answer)),
    settle: () => ctx.pending.settle(),
    dispute: (intentId, { reason = 'fraudulent', amount, inquiry = false } = {}) => {
      const charge = ctx.books.find('charge', intentOf(intentId).latest_charge) ?? missing('charge of', intentId);
      return finish(openDispute(ctx, { charge, reason, amount, inquiry }));
    },
    escalate: (disputeId) =>
      finish(escalateInquiry(ctx, ctx.books.find('dispute', disputeId) ?? missing('dispute', disputeId))),
    closeDispute: (disputeId, outcome) =>
      finish(closeDispute(ctx, ctx.books.find('dispute', disputeId) ?? missing('dispute', disputeId), outcome)),
    goDown: () => port.close(),
    comeBack: () => port.open(),
  };
}

function missing(noun: string, id: string): never {
  throw new Error(`The payment simulator knows no ${noun} ${id}.`);
}

/** A decline leaves the intent open for another card, so it is an answer here and not an error. */
function payAsBuyer(ctx: StripeContext, intent: PaymentIntent, cardNumber: string): PaymentIntent {
  try {
    const method = makeTypedMethod(ctx, { type: 'card', card: { number: cardNumber } });
    return confirmIntent(ctx, { intent, method, returnUrl: null, useSdk: true });
  } catch (error) {
    if (error instanceof StripeRefusal && error.status === 402) return intent;
    throw error;
  }
}

function sumDisputes(journal: JournalEntry[], intentId: string): number {
  return journal.reduce((sum, { intent, type, amount }) => {
    if (intent !== intentId) return sum;
    return type === 'dispute.created' ? sum + amount : type === 'dispute.won' ? sum - amount : sum;
  }, 0);
}

function sumMoney(journal: JournalEntry[], intentId: string): { captured: number; refunded: number } {
  const sums = { captured: 0, refunded: 0 };
  for (const entry of journal) {
    if (entry.intent !== intentId) continue;
    if (entry.type === 'charge.captured') sums.captured += entry.amount;
    if (entry.type === 'refund.created') sums.refunded += entry.amount;
    if (entry.type === 'refund.failed') sums.refunded -= entry.amount;
  }
  return sums;
}
