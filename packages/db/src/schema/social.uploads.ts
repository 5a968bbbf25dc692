import { sql } from 'drizzle-orm';
import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { socialSchema } from './schemas.ts';

export const uploads = socialSchema.table('uploads', {
  name: text('name').primaryKey(),
  userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
  bytes: integer('bytes').notNull(),
  usedAt: timestamp('used_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
