import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { events } from './events.events.ts';
import { socialSchema } from './schemas.ts';

export const eventPosts = socialSchema.table('event_posts', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  eventId: uuid('event_id')
    .notNull()
    .references(() => events.id),
  authorUserId: uuid('author_user_id')
    .notNull()
    .references(() => users.id),
  text: text('text').notNull(),
  mediaUrls: jsonb('media_urls').notNull().default([]),
  likeCount: integer('like_count').notNull().default(0),
  commentCount: integer('comment_count').notNull().default(0),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  clientId: uuid('client_id').notNull().default(sql`public.uuid_v7()`),
  asOrganization: boolean('as_organization').notNull().default(false),
  pinnedAt: timestamp('pinned_at', { withTimezone: true }),
  editedAt: timestamp('edited_at', { withTimezone: true }),
  hiddenAt: timestamp('hidden_at', { withTimezone: true }),
  hiddenReason: text('hidden_reason'),
  hiddenBy: uuid('hidden_by').references(() => users.id),
  version: bigint('version', { mode: 'number' }).notNull().default(1),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
});
