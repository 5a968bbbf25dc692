import { sql } from 'drizzle-orm';
import { text, timestamp, uuid } from 'drizzle-orm/pg-core';
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
  /** When the user last proved who it is. */
  confirmedAt: timestamp('confirmed_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
