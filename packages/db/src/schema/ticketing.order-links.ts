import { sql } from 'drizzle-orm';
import { text, timestamp } from 'drizzle-orm/pg-core';
import { bytes, ticketingSchema } from './schemas.ts';

export const orderLinks = ticketingSchema.table('order_links', {
  tokenSha256: bytes('token_sha256').primaryKey(),
  mailbox: text('mailbox').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  expiresAt: timestamp('expires_at', { withTimezone: true })
    .notNull()
    .default(sql`(clock_timestamp() + '00:30:00'::interval)`),
  usedAt: timestamp('used_at', { withTimezone: true }),
});
