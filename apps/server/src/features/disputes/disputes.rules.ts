import type Stripe from 'stripe';

/** inquiry: the bank asks, no money has moved. open: it has taken the money. closed: it asked and dropped it. */
export type DisputeStatus = 'inquiry' | 'open' | 'won' | 'lost' | 'closed';

/** Where a dispute of the provider stands, in our word. */
export function statusOf(dispute: Pick<Stripe.Dispute, 'status'>): DisputeStatus {
  switch (dispute.status) {
    case 'warning_needs_response':
    case 'warning_under_review':
      return 'inquiry';
    case 'warning_closed':
    case 'prevented':
      return 'closed';
    case 'won':
      return 'won';
    case 'lost':
      return 'lost';
    default:
      return 'open';
  }
}

const REASONS: Record<string, string> = {
  credit_not_processed: 'the buyer says a refund was promised and did not come',
  duplicate: 'the buyer says it was charged twice',
  fraudulent: 'the buyer says the payment was not theirs',
  general: 'the bank gave no reason',
  product_not_received: 'the buyer says nothing was received',
  product_unacceptable: 'the buyer says it was not as described',
  subscription_canceled: 'the buyer says it was cancelled',
  unrecognized: 'the buyer does not recognize the payment',
};

/** The bank's reason as words in a sentence. */
export function reasonWords(reason: string): string {
  return REASONS[reason] ?? REASONS.general ?? '';
}
