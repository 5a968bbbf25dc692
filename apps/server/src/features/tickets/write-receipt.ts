import { cardLabel, type Receipt } from '../documents/receipts.rules.ts';
import type { OrderFacts, TicketEventRow } from './tickets.sql.ts';

/** The receipt of a completed order, from what was frozen when it was made. */
export function writeReceipt(order: OrderFacts, event: Pick<TicketEventRow, 'title' | 'hostName'>): Receipt {
  return {
    orderCode: order.code,
    paidAt: order.paidAt ?? new Date(0),
    currency: order.currency,
    lines: order.lines,
    taxIncluded: order.taxIncluded,
    totalCents: order.totalCents,
    refundedCents: order.refundedCents,
    buyerName: order.buyerName || null,
    buyerEmail: order.mailbox ?? '',
    sellerName: event.hostName,
    sellerAddress: null,
    sellerTaxId: null,
    eventTitle: event.title,
    paymentLabel: cardLabel(order.cardBrand, order.cardLast4),
  };
}
