/** What a public snapshot says of a sale. No schema here, so that pages read it without the library of schemas. */
import type { CardStatus } from './events.ts';
import type { EventSnapshot } from './live.ts';

/** A number is worth saying when few are left; above it a word does. */
const FEW = 10;
const FAST_SHARE = 0.2;

/**
 * The one thing a card says about places, from what the public may see and nothing else. Hidden figures give no
 * "selling fast": it would be a figure too.
 */
export function cardStatus(snapshot: EventSnapshot, facts: { free: boolean }): CardStatus | null {
  if (snapshot.status === 'cancelled') return { kind: 'cancelled' };
  if (snapshot.status === 'ended') return { kind: 'ended' };
  const open = snapshot.tiers.filter((tier) => tier.state === 'on_sale');
  if (open.length > 0) {
    if (open.every((tier) => tier.free !== undefined)) {
      const left = open.reduce((sum, tier) => sum + (tier.free ?? 0), 0);
      if (left <= FEW) return { kind: 'left', count: left };
      const known = snapshot.tiers.every((tier) => tier.quantity !== undefined);
      const places = snapshot.tiers.reduce((sum, tier) => sum + (tier.quantity ?? 0), 0);
      // Without quantities the server sends `free` only where little is left, so its presence says it.
      if (!known || left < places * FAST_SHARE) return { kind: 'fast' };
    }
    if (snapshot.status === 'postponed') return { kind: 'postponed' };
    return facts.free ? { kind: 'free' } : null;
  }
  if (snapshot.status === 'postponed') return { kind: 'postponed' };
  const has = (state: EventSnapshot['tiers'][number]['state']) => snapshot.tiers.some((tier) => tier.state === state);
  if (has('all_in_checkout')) return { kind: 'all_in_checkout' };
  if (has('paused')) return { kind: 'paused' };
  const opens = snapshot.tiers.flatMap((tier) => (tier.state === 'not_yet' && tier.opensAt ? [tier.opensAt] : []));
  if (opens.length > 0) return { kind: 'on_sale', opensAt: Math.min(...opens) };
  return has('sold_out') ? { kind: 'sold_out' } : null;
}

export type SaleState =
  | 'open'
  | 'all_in_checkout'
  | 'sold_out'
  | 'paused'
  | 'not_yet'
  | 'closed'
  | 'ended'
  | 'cancelled'
  | 'draft';

/** What the whole event's sale is doing: which of the price panel's faces is shown. */
export function saleState(snapshot: EventSnapshot): SaleState {
  if (snapshot.status === 'draft' || snapshot.status === 'cancelled' || snapshot.status === 'ended')
    return snapshot.status;
  const has = (state: EventSnapshot['tiers'][number]['state']) => snapshot.tiers.some((tier) => tier.state === state);
  if (has('on_sale')) return 'open';
  if (has('all_in_checkout')) return 'all_in_checkout';
  if (has('paused')) return 'paused';
  if (has('not_yet')) return 'not_yet';
  return has('sold_out') ? 'sold_out' : 'closed';
}
