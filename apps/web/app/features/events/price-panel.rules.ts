import type { EventPageView, OwnCheckout, TierView } from '@liventix/contracts/events';
import type { EventSnapshot, TierAvailability } from '@liventix/contracts/live';

export type Chosen = Record<string, number>;

export interface TierChoice {
  tier: TierView;
  /** What the public may know right now; a tier the room no longer names is closed. */
  now: TierAvailability;
  /** Places in my own checkout. */
  own: number;
  /** Most that can be chosen; 0 where nothing can. */
  max: number;
}

/** The rows of the price panel: the tiers with what is true of them now. My own places count as free for me. */
export function tierChoices(
  tiers: readonly TierView[],
  snapshot: EventSnapshot,
  checkout: OwnCheckout | null,
  maxPerPerson: number,
): TierChoice[] {
  return tiers.map((tier) => {
    const now = snapshot.tiers.find((each) => each.id === tier.id) ?? { id: tier.id, state: 'closed' as const };
    const own = checkout?.lines.find((line) => line.tierId === tier.id)?.quantity ?? 0;
    const open = now.state === 'on_sale' || own > 0;
    const free = now.state === 'on_sale' ? (now.free ?? Number.POSITIVE_INFINITY) : 0;
    return { tier, now, own, max: open ? Math.min(tier.maxPerOrder, maxPerPerson, free + own) : 0 };
  });
}

export interface Total {
  count: number;
  faceCents: number;
  feeCents: number;
  taxCents: number;
  /** What the buyer pays, tax on top included. */
  totalCents: number;
}

/** An order is the plain sum of its tickets (docs: domain, "Order"). */
export function totalOf(choices: readonly TierChoice[], chosen: Chosen): Total {
  const total: Total = { count: 0, faceCents: 0, feeCents: 0, taxCents: 0, totalCents: 0 };
  for (const { tier } of choices) {
    const count = chosen[tier.id] ?? 0;
    total.count += count;
    total.faceCents += count * tier.faceCents;
    total.feeCents += count * tier.feeCents;
    total.taxCents += count * tier.taxCents;
    total.totalCents += count * tier.totalCents;
  }
  return total;
}

/** What was chosen, never more than there is: numbers fall while people choose. */
export function trimChosen(choices: readonly TierChoice[], chosen: Chosen): Chosen {
  return Object.fromEntries(choices.map(({ tier, max }) => [tier.id, Math.min(chosen[tier.id] ?? 0, max)]));
}

/** The lowest price that can still be had, for the bar at the foot of a phone. */
export function lowestCents(
  event: Pick<EventPageView, 'tiers'>,
  snapshot: EventSnapshot,
): { cents: number; varies: boolean } | null {
  const gone = new Set(
    snapshot.tiers.filter((tier) => tier.state === 'sold_out' || tier.state === 'closed').map((tier) => tier.id),
  );
  const open = event.tiers.filter((tier) => !gone.has(tier.id));
  const prices = (open.length > 0 ? open : event.tiers).map((tier) => tier.totalCents);
  return prices.length > 0 ? { cents: Math.min(...prices), varies: new Set(prices).size > 1 } : null;
}

/** The next moment at which the clock alone changes what is on sale; null when there is none. */
export function nextMoment(event: Pick<EventPageView, 'tiers' | 'startAt' | 'overAt'>, nowMs: number): number | null {
  const moments = [event.startAt, event.overAt, ...event.tiers.flatMap((tier) => [tier.salesStart, tier.salesEnd])]
    .flatMap((at) => (at ? [at.getTime()] : []))
    .filter((at) => at > nowMs);
  return moments.length > 0 ? Math.min(...moments) : null;
}
