import { sql } from 'drizzle-orm';
import { text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { events } from './events.events.ts';
import { eventsSchema } from './schemas.ts';

export const eventAlerts = eventsSchema.table('event_alerts', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  mailbox: text('mailbox').notNull(),
  kind: text('kind').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  /** When the mailbox agreed; never told before. */
  confirmedAt: timestamp('confirmed_at', { withTimezone: true }),
  toldAt: timestamp('told_at', { withTimezone: true }),
});
