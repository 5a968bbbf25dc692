import { sql } from 'drizzle-orm';
import { bigint, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ticketTierStatus } from './enums.ts';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

export const ticketTiers = ticketingSchema.table('ticket_tiers', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id),
  name: text('name').notNull(),
  priceCents: integer('price_cents').notNull(),
  quantity: integer('quantity').notNull(),
  issuedQuantity: integer('issued_quantity').notNull().default(0),
  reservedQuantity: integer('reserved_quantity').notNull().default(0),
  status: ticketTierStatus('status').notNull().default('active'),
  salesStart: timestamp('sales_start', { withTimezone: true }),
  salesEnd: timestamp('sales_end', { withTimezone: true }),
  description: text('description').notNull().default(''),
  position: integer('position').notNull().default(0),
  minPerOrder: integer('min_per_order').notNull().default(1),
  maxPerOrder: integer('max_per_order').notNull().default(10),
  taxRateBps: integer('tax_rate_bps').notNull().default(0),
  pausedAt: timestamp('paused_at', { withTimezone: true }),
  hoardedSince: timestamp('hoarded_since', { withTimezone: true }),
  version: bigint('version', { mode: 'number' }).notNull().default(1),
  edition: integer('edition').notNull().default(1),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
});
