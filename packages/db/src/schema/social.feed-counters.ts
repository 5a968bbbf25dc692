import { bigint, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { socialSchema } from './schemas.ts';

export const feedCounters = socialSchema.table('feed_counters', {
  eventId: uuid('event_id')
    .primaryKey()
    .references(() => events.id),
  version: bigint('version', { mode: 'number' }).notNull().default(0),
});
