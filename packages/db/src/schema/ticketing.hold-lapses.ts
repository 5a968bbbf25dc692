import { sql } from 'drizzle-orm';
import { bigint, integer, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

export const holdLapses = ticketingSchema.table('hold_lapses', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  checkoutId: uuid('checkout_id').notNull(),
  tierId: uuid('tier_id'),
  addressKey: bigint('address_key', { mode: 'bigint' }),
  quantity: integer('quantity').notNull().default(0),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
