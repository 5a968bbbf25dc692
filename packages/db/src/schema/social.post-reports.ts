import { sql } from 'drizzle-orm';
import { text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.users.ts';
import { socialSchema } from './schemas.ts';
import { eventPosts } from './social.event-posts.ts';
import { eventReactions } from './social.event-reactions.ts';

export const postReports = socialSchema.table('post_reports', {
  id: uuid('id').primaryKey().default(sql`public.uuid_v7()`),
  postId: uuid('post_id').references(() => eventPosts.id),
  reactionId: uuid('reaction_id').references(() => eventReactions.id),
  reporterUserId: uuid('reporter_user_id')
    .notNull()
    .references(() => users.id),
  reason: text('reason').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  resolvedAt: timestamp('resolved_at', { withTimezone: true }),
});
