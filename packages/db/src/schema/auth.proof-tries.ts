import { integer, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { authSchema } from './schemas.ts';

export const proofTries = authSchema.table('proof_tries', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id),
  failed: integer('failed').notNull().default(0),
  lockedUntil: timestamp('locked_until', { withTimezone: true }),
});
