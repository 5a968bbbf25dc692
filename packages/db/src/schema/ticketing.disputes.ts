import { sql } from 'drizzle-orm';
import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';

export const disputes = ticketingSchema.table('disputes', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  orderId: uuid('order_id').notNull(),
  eventId: uuid('event_id').notNull(),
  providerDisputeId: text('provider_dispute_id').notNull(),
  amountCents: integer('amount_cents').notNull(),
  status: text('status').notNull(),
  reason: text('reason').notNull(),
  respondBy: timestamp('respond_by', { withTimezone: true }),
  openedAt: timestamp('opened_at', { withTimezone: true }).notNull(),
  closedAt: timestamp('closed_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
