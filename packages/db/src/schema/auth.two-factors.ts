import { sql } from 'drizzle-orm';
import { bigint, boolean, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { authSchema } from './schemas.ts';

export const twoFactors = authSchema.table('two_factors', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  secret: text('secret').notNull(),
  verified: boolean('verified').notNull().default(false),
  lastStep: bigint('last_step', { mode: 'number' }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
