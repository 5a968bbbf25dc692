import type { Ctx } from '../../platform/context.ts';
import type { RateLimit } from '../../platform/rate-limits.ts';

interface Share {
  ofOrder: RateLimit;
  ofAddress: RateLimit;
  ofAll: RateLimit;
}

const share = (
  name: string,
  ofOrder: Pick<RateLimit, 'points' | 'perSeconds'>,
  addressPoints: number,
  points: number,
) => ({
  ofOrder: { name: `provider.${name}`, ...ofOrder },
  ofAddress: { name: `provider.${name}.address`, points: addressPoints, perSeconds: 10, by: 'address' as const },
  ofAll: { name: `provider.${name}.all`, points, perSeconds: 10 },
});

/**
 * What buyers may ask of the payment provider, who answers a hundred reads and a hundred writes a second under our key (Stripe, live
 * mode): less than that, because refunds, webhooks and completions ask too. `look`: how a payment stands; the webhooks tell it
 * anyway. `begin`: opens one; a sale is begun by a thousand at once.
 */
const SHARES = {
  look: share('look', { points: 6, perSeconds: 30 }, 50, 600),
  begin: share('begin', { points: 6, perSeconds: 60 }, 150, 800),
} as const satisfies Record<string, Share>;

/** Counts a call to the provider that a buyer causes, and answers null, or the seconds until there is room for it. */
export async function waitForProvider(
  { services: { limits }, ip }: Pick<Ctx, 'services' | 'ip'>,
  what: keyof typeof SHARES,
  orderId: string,
): Promise<number | null> {
  const { ofOrder, ofAddress, ofAll } = SHARES[what];
  return (
    (await limits.take(ofOrder, orderId, 1, ip)) ??
    (await limits.take(ofAddress, ip, 1, ip)) ??
    (await limits.take(ofAll, 'all', 1, ip))
  );
}
