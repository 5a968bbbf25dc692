import { sql } from 'drizzle-orm';
import { integer, jsonb, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';
import { orders } from './ticketing.orders.ts';
import { ticketTiers } from './ticketing.ticket-tiers.ts';

export const orderItems = ticketingSchema.table('order_items', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  orderId: uuid('order_id')
    .notNull()
    .references(() => orders.id),
  tierId: uuid('tier_id')
    .notNull()
    .references(() => ticketTiers.id),
  quantity: integer('quantity').notNull(),
  priceCents: integer('price_cents').notNull(),
  unitFeeCents: integer('unit_fee_cents').notNull().default(0),
  unitTaxCents: integer('unit_tax_cents').notNull().default(0),
  unitDiscountCents: integer('unit_discount_cents').notNull().default(0),
  attendeeNames: jsonb('attendee_names').notNull().default([]),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
