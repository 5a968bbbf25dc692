import { sql } from 'drizzle-orm';
import { timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { orgRole } from './enums.ts';
import { organizations } from './organizations.organizations.ts';
import { organizationsSchema } from './schemas.ts';

export const orgMemberships = organizationsSchema.table('org_memberships', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  orgId: uuid('org_id')
    .notNull()
    .references(() => organizations.id),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  role: orgRole('role').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
