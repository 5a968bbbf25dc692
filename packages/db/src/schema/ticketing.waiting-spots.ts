import { sql } from 'drizzle-orm';
import { bigint, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { ticketingSchema } from './schemas.ts';
import { waitingRooms } from './ticketing.waiting-rooms.ts';

export const waitingSpots = ticketingSchema.table('waiting_spots', {
  id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
  roomId: uuid('room_id')
    .notNull()
    .references(() => waitingRooms.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
  state: text('state').notNull().default('waiting'),
  number: integer('number'),
  arrivedAt: timestamp('arrived_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  seenAt: timestamp('seen_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  missedAt: timestamp('missed_at', { withTimezone: true }),
  admittedAt: timestamp('admitted_at', { withTimezone: true }),
  admissionEndsAt: timestamp('admission_ends_at', { withTimezone: true }),
  endedAt: timestamp('ended_at', { withTimezone: true }),
  addressKey: bigint('address_key', { mode: 'bigint' }),
});
