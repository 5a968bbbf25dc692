import { sql } from 'drizzle-orm';
import { boolean, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { authSchema } from './schemas.ts';

export const sessions = authSchema.table('sessions', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  token: text('token').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  /** When the second factor was proven in this session. */
  secondFactorAt: timestamp('second_factor_at', { withTimezone: true }),
  /** Signed in by the account's mailbox, or has proven it: without that it sets up no first second factor. */
  byMailbox: boolean('by_mailbox').notNull().default(false),
  /** When the user last proved who it is. */
  confirmedAt: timestamp('confirmed_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
