import { sql } from 'drizzle-orm';
import { bigint, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { analyticsSchema } from './schemas.ts';

export const userActions = analyticsSchema.table('user_actions', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  userId: uuid('user_id').references(() => users.id),
  kind: text('kind').notNull(),
  entityId: uuid('entity_id'),
  detail: jsonb('detail').notNull().default({}),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
