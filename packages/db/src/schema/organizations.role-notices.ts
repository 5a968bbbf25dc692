import { boolean, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { orgRole } from './enums.ts';
import { organizations } from './organizations.organizations.ts';
import { organizationsSchema } from './schemas.ts';

export const roleNotices = organizationsSchema.table(
  'role_notices',
  {
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    knownRole: orgRole('known_role'),
    isWaiting: boolean('is_waiting').notNull().default(true),
    toldAt: timestamp('told_at', { withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.userId] })],
);
