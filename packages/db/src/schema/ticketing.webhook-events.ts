import { sql } from 'drizzle-orm';
import { integer, json, text, timestamp } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';

export const webhookEvents = ticketingSchema.table('webhook_events', {
  id: text('id').primaryKey(),
  type: text('type').notNull(),
  payload: json('payload').notNull(),
  receivedAt: timestamp('received_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  processedAt: timestamp('processed_at', { withTimezone: true }),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error'),
  subject: text('subject'),
  failedAt: timestamp('failed_at', { withTimezone: true }),
});
