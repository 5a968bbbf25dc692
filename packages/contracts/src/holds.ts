import * as z from 'zod/mini';

/** How long places stay a buyer's: 15 minutes, extended once by 5 (docs: domain, "Checkout and hold"). */
export const HOLD_SECONDS = 15 * 60;
export const EXTENSION_SECONDS = 5 * 60;
/** "Need more time?" is offered from here on. */
export const EXTENSION_OFFERED_SECONDS = 2 * 60;
/** Payment can't be started when less than this is left. */
export const PAYABLE_SECONDS = 10;

export const HoldLine = z.object({
  tierId: z.uuid(),
  quantity: z.int().check(z.minimum(1), z.maximum(50)),
  /** What one ticket cost on the buyer's screen, fees and tax included: another price now is refused, not charged. */
  seenCents: z.optional(z.int().check(z.minimum(0))),
});
export type HoldLine = z.infer<typeof HoldLine>;

/** A checkout's own id: uuid v7 made by the buyer's browser once per attempt; it is the idempotency key. */
export const CheckoutId = z.uuid();

export const PlaceHold = z.object({
  eventId: z.uuid(),
  checkoutId: CheckoutId,
  lines: z.array(HoldLine).check(
    z.minLength(1),
    z.maxLength(10),
    z.refine(
      (lines) => new Set(lines.map((line) => line.tierId.toLowerCase())).size === lines.length,
      'each kind of ticket once',
    ),
  ),
  /** The currency of `seenCents`; another one now is another price. */
  currency: z.optional(z.string().check(z.regex(/^[A-Z]{3}$/))),
  /** The person's earlier checkout of the same event that this one takes the place of; its time left is kept. */
  replaces: z.optional(CheckoutId),
});
export type PlaceHold = z.infer<typeof PlaceHold>;

/** Places that are their buyer's for now. All else about the checkout is read by its id (`orders.checkout`). */
export interface HeldPlaces {
  checkoutId: string;
  /** When they go back, by the database's clock. */
  expiresAt: Date;
}

export const ExtendHold = z.object({ checkoutId: CheckoutId });
export type ExtendHold = z.infer<typeof ExtendHold>;

export const ReleaseHold = z.object({ checkoutId: CheckoutId });
export type ReleaseHold = z.infer<typeof ReleaseHold>;

export const CurrentCheckout = z.object({ eventId: z.uuid() });
export type CurrentCheckout = z.infer<typeof CurrentCheckout>;
