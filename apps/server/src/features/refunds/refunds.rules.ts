import type Stripe from 'stripe';

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Our row's id in a refund's metadata, or null. */
export function refundIdOf(refund: Pick<Stripe.Refund, 'metadata'>): string | null {
  const id = refund.metadata?.refund_id ?? '';
  return isUuid.test(id) ? id : null;
}

/** Where a refund of the provider stands, in our word. */
export function statusOf(refund: Pick<Stripe.Refund, 'status'>): 'pending' | 'succeeded' | 'failed' {
  if (refund.status === 'succeeded') return 'succeeded';
  return refund.status === 'failed' || refund.status === 'canceled' ? 'failed' : 'pending';
}
