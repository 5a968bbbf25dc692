import { sql } from 'drizzle-orm';
import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { refundStatus } from './enums.ts';
import { ticketingSchema } from './schemas.ts';
import { orders } from './ticketing.orders.ts';

export const refunds = ticketingSchema.table('refunds', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  orderId: uuid('order_id')
    .notNull()
    .references(() => orders.id),
  amountCents: integer('amount_cents').notNull(),
  reason: text('reason').notNull().default('requested'),
  status: refundStatus('status').notNull().default('pending'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  kind: text('kind').notNull().default('order'),
  note: text('note').notNull().default(''),
  providerRefundId: text('provider_refund_id'),
  failure: text('failure'),
  initiatedBy: uuid('initiated_by').references(() => users.id),
  settledAt: timestamp('settled_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  eventId: uuid('event_id'),
  takenBackAt: timestamp('taken_back_at', { withTimezone: true }),
});
