import { sql } from 'drizzle-orm';
import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { ticketStatus } from './enums.ts';
import { ticketingSchema } from './schemas.ts';
import { orders } from './ticketing.orders.ts';
import { ticketTiers } from './ticketing.ticket-tiers.ts';

export const tickets = ticketingSchema.table('tickets', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  orderId: uuid('order_id')
    .notNull()
    .references(() => orders.id),
  eventId: uuid('event_id').notNull(),
  tierId: uuid('tier_id')
    .notNull()
    .references(() => ticketTiers.id),
  ownerUserId: uuid('owner_user_id')
    .notNull()
    .references(() => users.id),
  status: ticketStatus('status').notNull().default('issued'),
  qrCode: text('qr_code').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  sequenceNumber: integer('sequence_number').notNull(),
  rotation: integer('rotation').notNull().default(0),
  code: text('code').notNull().default(sql`public.short_code(8)`),
  holderName: text('holder_name').notNull().default(''),
  faceCents: integer('face_cents').notNull().default(0),
  feeCents: integer('fee_cents').notNull().default(0),
  taxCents: integer('tax_cents').notNull().default(0),
  paidCents: integer('paid_cents').notNull().default(0),
  suspendedReason: text('suspended_reason'),
  redeemedAt: timestamp('redeemed_at', { withTimezone: true }),
  redeemedBy: uuid('redeemed_by').references(() => users.id),
  gate: text('gate'),
  statusBeforeRedeem: ticketStatus('status_before_redeem'),
  refundedAt: timestamp('refunded_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
