import { sql } from 'drizzle-orm';
import { text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { orgRole } from './enums.ts';
import { organizations } from './organizations.organizations.ts';
import { bytes, organizationsSchema } from './schemas.ts';

export const orgInvitations = organizationsSchema.table('org_invitations', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  orgId: uuid('org_id')
    .notNull()
    .references(() => organizations.id),
  email: text('email').notNull(),
  role: orgRole('role').notNull(),
  tokenSha256: bytes('token_sha256').notNull(),
  invitedBy: uuid('invited_by')
    .notNull()
    .references(() => users.id),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  expiresAt: timestamp('expires_at', { withTimezone: true })
    .notNull()
    .default(sql`(clock_timestamp() + '7 days'::interval)`),
  acceptedAt: timestamp('accepted_at', { withTimezone: true }),
});
