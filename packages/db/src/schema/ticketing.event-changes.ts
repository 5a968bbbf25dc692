import { bigint, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';

const sum = (name: string) => bigint(name, { mode: 'number' }).notNull();

export const eventChanges = ticketingSchema.table('event_changes', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  eventId: uuid('event_id').notNull(),
  at: timestamp('at', { withTimezone: true }),
  tickets: sum('tickets'),
  grossCents: sum('gross_cents'),
  refundedCents: sum('refunded_cents'),
  feesCents: sum('fees_cents'),
  paidOrders: sum('paid_orders'),
  admitted: sum('admitted'),
  version: sum('version'),
  disputedCents: sum('disputed_cents').default(0),
});
