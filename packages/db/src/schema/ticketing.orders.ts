import { sql } from 'drizzle-orm';
import { bigint, boolean, char, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { orderStatus } from './enums.ts';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

export const orders = ticketingSchema.table('orders', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  status: orderStatus('status').notNull().default('pending'),
  totalCents: integer('total_cents').notNull().default(0),
  subtotalCents: integer('subtotal_cents').notNull().default(0),
  feesCents: integer('fees_cents').notNull().default(0),
  stripePaymentIntentId: text('stripe_payment_intent_id'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  taxCents: integer('tax_cents').notNull().default(0),
  taxIncluded: boolean('tax_included').notNull().default(true),
  discountCents: integer('discount_cents').notNull().default(0),
  currency: char('currency', { length: 3 }).notNull().default('EUR'),
  checkoutId: uuid('checkout_id').notNull().default(sql`public.uuid_v7()`),
  code: text('code').notNull().default(sql`public.short_code(8)`),
  mailbox: text('mailbox'),
  mailboxProven: boolean('mailbox_proven').notNull().default(false),
  claimedFrom: uuid('claimed_from'),
  buyerName: text('buyer_name').notNull().default(''),
  showFirstName: boolean('show_first_name').notNull().default(false),
  paymentState: text('payment_state').notNull().default('none'),
  paymentError: text('payment_error'),
  capturedCents: integer('captured_cents'),
  refundedCents: integer('refunded_cents').notNull().default(0),
  late: boolean('late').notNull().default(false),
  paidAt: timestamp('paid_at', { withTimezone: true }),
  cancelledAt: timestamp('cancelled_at', { withTimezone: true }),
  cancelReason: text('cancel_reason'),
  confirmationMailedAt: timestamp('confirmation_mailed_at', { withTimezone: true }),
  capturedAt: timestamp('captured_at', { withTimezone: true }),
  version: bigint('version', { mode: 'number' }).notNull().default(1),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
  cardBrand: text('card_brand'),
  cardLast4: text('card_last4'),
  disputeState: text('dispute_state'),
  disputedCents: integer('disputed_cents').notNull().default(0),
  dueBackCents: integer('due_back_cents').notNull().default(0),
  owedCents: integer('owed_cents').notNull().default(0),
  refundPolicy: text('refund_policy'),
  refundKeepsFees: boolean('refund_keeps_fees').notNull().default(false),
  mailWithheld: boolean('mail_withheld').notNull().default(false),
});
