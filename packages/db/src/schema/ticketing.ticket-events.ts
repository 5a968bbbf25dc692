import { sql } from 'drizzle-orm';
import { jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';
import { tickets } from './ticketing.tickets.ts';

export const ticketEvents = ticketingSchema.table('ticket_events', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  ticketId: uuid('ticket_id')
    .notNull()
    .references(() => tickets.id),
  kind: text('kind').notNull(),
  fromUserId: uuid('from_user_id'),
  toUserId: uuid('to_user_id'),
  actorUserId: uuid('actor_user_id'),
  detail: jsonb('detail').notNull().default({}),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
