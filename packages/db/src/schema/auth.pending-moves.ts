import { sql } from 'drizzle-orm';
import { timestamp, uuid } from 'drizzle-orm/pg-core';
import { sessions } from './auth.sessions.ts';
import { users } from './auth.users.ts';
import { authSchema } from './schemas.ts';

export const pendingMoves = authSchema.table('pending_moves', {
  fromUserId: uuid('from_user_id')
    .primaryKey()
    .references(() => users.id),
  toUserId: uuid('to_user_id')
    .notNull()
    .references(() => users.id),
  sessionId: uuid('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  doneAt: timestamp('done_at', { withTimezone: true }),
});
