import { sql } from 'drizzle-orm';
import { date, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { reactionKind } from './enums.ts';
import { socialSchema } from './schemas.ts';
import { eventPosts } from './social.event-posts.ts';

export const eventReactions = socialSchema.table('event_reactions', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  postId: uuid('post_id')
    .notNull()
    .references(() => eventPosts.id),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  kind: reactionKind('kind').notNull(),
  text: text('text'),
  parentId: uuid('parent_id'),
  clientId: uuid('client_id').notNull().default(sql`public.uuid_v7()`),
  day: date('day').notNull().default(sql`((now() AT TIME ZONE 'UTC'::text))::date`),
  editedAt: timestamp('edited_at', { withTimezone: true }),
  hiddenAt: timestamp('hidden_at', { withTimezone: true }),
  hiddenReason: text('hidden_reason'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
});
