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

export const REFUND_REASONS = ['requested', 'event_cancelled', 'duplicate', 'fraud', 'goodwill'] as const;
export const RequestRefund = z.object({
  orderId: z.uuid(),
  reason: z.enum(REFUND_REASONS),
  /** Only honoured when the event's policy said so before paying. */
  keepFees: z.optional(z.boolean()),
  note: z.optional(text(500).check(z.trim())),
});
export type RequestRefund = z.infer<typeof RequestRefund>;
