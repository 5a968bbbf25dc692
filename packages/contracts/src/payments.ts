import * as z from 'zod/mini';
import { text } from './text.ts';

export const StartPayment = z.object({ orderId: z.uuid() });
export type StartPayment = z.infer<typeof StartPayment>;

export const SyncPayment = z.object({ orderId: z.uuid() });
export type SyncPayment = z.infer<typeof SyncPayment>;

/** What the payment form needs; the card itself never touches us. */
export interface PaymentForm {
  clientSecret: string;
  publishableKey: string;
  amountCents: number;
  /** ISO 4217, upper case. */
  currency: string;
  /** When the places go back; starting late has extended them. */
  expiresAt: Date;
}

/** Why a payment did not go through: the one word that the order keeps and every screen turns into the same sentence. */
export const PAYMENT_PROBLEMS = [
  'declined',
  'insufficient_funds',
  'expired_card',
  'incorrect_cvc',
  'authentication',
  'ended',
] as const;
export type PaymentProblem = (typeof PAYMENT_PROBLEMS)[number];

/** What an error of the payment provider means; `declined` when the bank does not say why. */
export function problemOf(error: {
  code?: string | null | undefined;
  decline_code?: string | null | undefined;
}): PaymentProblem {
  if (error.code === 'payment_intent_authentication_failure') return 'authentication';
  return readProblem(error.decline_code ?? '') ?? readProblem(error.code ?? '') ?? 'declined';
}

/** A stored problem; null for words that are none of ours. */
export function readProblem(text: string): PaymentProblem | null {
  return PAYMENT_PROBLEMS.find((each) => each === text) ?? null;
}

export const REFUND_REASONS = ['requested', 'event_cancelled', 'duplicate', 'fraud', 'goodwill'] as const;
export const RequestRefund = z.object({
  orderId: z.uuid(),
  reason: z.enum(REFUND_REASONS),
  /** Only honoured when the event's policy said so before paying. */
  keepFees: z.optional(z.boolean()),
  note: z.optional(text(500).check(z.trim())),
});
export type RequestRefund = z.infer<typeof RequestRefund>;
