import { sql } from 'drizzle-orm';
import { bigint, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { holdStatus } from './enums.ts';
import { ticketingSchema } from './schemas.ts';
import { ticketTiers } from './ticketing.ticket-tiers.ts';

export const ticketHolds = ticketingSchema.table('ticket_holds', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  tierId: uuid('tier_id')
    .notNull()
    .references(() => ticketTiers.id),
  quantity: integer('quantity').notNull(),
  status: holdStatus('status').notNull().default('active'),
  expiresAt: timestamp('expires_at', { withTimezone: true })
    .notNull()
    .default(sql`(clock_timestamp() + '00:15:00'::interval)`),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  eventId: uuid('event_id').notNull(),
  checkoutId: uuid('checkout_id').notNull().default(sql`public.uuid_v7()`),
  unitFaceCents: integer('unit_face_cents'),
  unitFeeCents: integer('unit_fee_cents'),
  unitTaxCents: integer('unit_tax_cents'),
  unitTotalCents: integer('unit_total_cents'),
  extendedAt: timestamp('extended_at', { withTimezone: true }),
  pausedSeconds: integer('paused_seconds').notNull().default(0),
  pausedSince: timestamp('paused_since', { withTimezone: true }),
  endedAt: timestamp('ended_at', { withTimezone: true }),
  endReason: text('end_reason'),
  addressKey: bigint('address_key', { mode: 'bigint' }),
  version: bigint('version', { mode: 'number' }).notNull().default(1),
});
