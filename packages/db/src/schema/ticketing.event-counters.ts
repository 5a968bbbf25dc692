import { bigint, integer, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

export const eventCounters = ticketingSchema.table('event_counters', {
  eventId: uuid('event_id')
    .primaryKey()
    .references(() => events.id),
  lastSequence: integer('last_sequence').notNull().default(0),
  version: bigint('version', { mode: 'number' }).notNull().default(0),
});
