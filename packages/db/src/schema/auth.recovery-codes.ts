import { sql } from 'drizzle-orm';
import { timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { authSchema, bytes } from './schemas.ts';

export const recoveryCodes = authSchema.table('recovery_codes', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  codeHmac: bytes('code_hmac').notNull(),
  usedAt: timestamp('used_at', { withTimezone: true }),
});
