import { sql } from 'drizzle-orm';
import { text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { events } from './events.events.ts';
import { analyticsSchema } from './schemas.ts';
import { tickets } from './ticketing.tickets.ts';

export const scanLogs = analyticsSchema.table('scan_logs', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id),
  ticketId: uuid('ticket_id').references(() => tickets.id),
  outcome: text('outcome').notNull(),
  gate: text('gate'),
  scannedBy: uuid('scanned_by')
    .notNull()
    .references(() => users.id),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
