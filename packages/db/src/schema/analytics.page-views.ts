import { sql } from 'drizzle-orm';
import { bigint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { analyticsSchema } from './schemas.ts';

export const pageViews = analyticsSchema.table('page_views', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  eventId: uuid('event_id').references(() => events.id),
  path: text('path').notNull(),
  referrerHost: text('referrer_host'),
  viewerHash: text('viewer_hash'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
