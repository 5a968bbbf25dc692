import { sql } from 'drizzle-orm';
import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { organizationsSchema } from './schemas.ts';

export const organizations = organizationsSchema.table('organizations', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  slug: text('slug').notNull().default(sql`lower(public.short_code(8))`),
  city: text('city'),
  palette: text('palette').notNull().default('cobalt'),
  feeBps: integer('fee_bps').notNull().default(0),
  feeFixedCents: integer('fee_fixed_cents').notNull().default(0),
  feeCapCents: integer('fee_cap_cents'),
  feePaidBy: text('fee_paid_by').notNull().default('buyer'),
  edition: integer('edition').notNull().default(1),
  /** A member of the team. */
  contactUserId: uuid('contact_user_id'),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
});
