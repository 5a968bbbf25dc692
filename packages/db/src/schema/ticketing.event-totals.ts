import { bigint, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

const sum = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

export const eventTotals = ticketingSchema.table('event_totals', {
  eventId: uuid('event_id')
    .primaryKey()
    .references(() => events.id, { onDelete: 'cascade' }),
  grossCents: sum('gross_cents'),
  refundedCents: sum('refunded_cents'),
  feesCents: sum('fees_cents'),
  paidOrders: sum('paid_orders'),
  admitted: sum('admitted'),
  version: sum('version'),
  disputedCents: sum('disputed_cents'),
});
