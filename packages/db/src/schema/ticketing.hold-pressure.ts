import { sql } from 'drizzle-orm';
import { doublePrecision, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

export const holdPressure = ticketingSchema.table(
  'hold_pressure',
  {
    eventId: uuid('event_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    node: text('node').notNull(),
    requests: doublePrecision('requests').notNull(),
    drain: doublePrecision('drain').notNull(),
    hotSince: timestamp('hot_since', { withTimezone: true }),
    measuredAt: timestamp('measured_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.eventId, table.node] })],
);
