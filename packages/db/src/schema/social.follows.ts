import { sql } from 'drizzle-orm';
import { primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { ownerContext } from './enums.ts';
import { socialSchema } from './schemas.ts';

export const follows = socialSchema.table(
  'follows',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    targetType: ownerContext('target_type').notNull(),
    targetId: uuid('target_id').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.userId, table.targetType, table.targetId] })],
);
