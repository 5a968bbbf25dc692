import type { CardOutcome, RefundOutcome } from './test-cards.rules.ts';
import type { Charge, Dispute, Metadata, PaymentIntent, PaymentMethod, Refund, StripeEvent } from './wire.types.ts';

export type JournalType =
  | 'intent.created'
  | 'intent.canceled'
  | 'charge.authorized'
  | 'charge.released'
  | 'charge.captured'
  | 'charge.failed'
  | 'refund.created'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'dispute.created'
  | 'dispute.won'
  | 'dispute.lost';

/** One line of the append-only journal: what really happened to money, whoever heard of it. */
export interface JournalEntry {
  /** 1, 2, 3 … without gaps. */
  sequence: number;
  /** ISO time. */
  at: string;
  type: JournalType;
  intent: string;
  charge: string | null;
  refund: string | null;
  /** Minor units of the currency. */
  amount: number;
  currency: string;
  /** The metadata of the intent (for refunds: of the refund) at that moment. */
  metadata: Metadata;
}

/** A payment method and what its card will do: kept beside the wire object, never sent. */
export interface KeptMethod {
  id: string;
  wire: PaymentMethod;
  outcome: CardOutcome;
  refund: RefundOutcome;
  disputed: boolean;
}

/** Where the browser goes after 3D Secure. */
export interface KeptReturn {
  id: string;
  returnUrl: string | null;
}

/** The remembered answer to an idempotency key. */
export interface KeptAnswer {
  id: string;
  fingerprint: string;
  status: number;
  body: unknown;
  requestId: string;
}

/** Everything that is written down, by kind. `told` holds the events whose webhook was accepted. */
export interface BookKinds {
  intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  method: KeptMethod;
  return: KeptReturn;
  answer: KeptAnswer;
  event: StripeEvent;
  told: { id: string };
}

export type BookKind = keyof BookKinds;
