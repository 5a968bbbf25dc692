import { sql } from 'drizzle-orm';
import { text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sessions } from './auth.sessions.ts';
import { authSchema } from './schemas.ts';

export const passkeyChallenges = authSchema.table('passkey_challenges', {
  sessionId: uuid('session_id')
    .primaryKey()
    .references(() => sessions.id),
  ceremony: text('ceremony').notNull(),
  challenge: text('challenge').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true })
    .notNull()
    .default(sql`clock_timestamp() + interval '5 minutes'`),
});
