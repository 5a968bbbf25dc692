import { sql } from 'drizzle-orm';
import { primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { events } from './events.events.ts';
import { eventsSchema } from './schemas.ts';

export const savedEvents = eventsSchema.table(
  'saved_events',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    eventId: uuid('event_id')
      .notNull()
      .references(() => events.id),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.userId, table.eventId] })],
);
