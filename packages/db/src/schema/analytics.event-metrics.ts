import { bigint, integer, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { analyticsSchema } from './schemas.ts';

export const eventMetrics = analyticsSchema.table(
  'event_metrics',
  {
    eventId: uuid('event_id')
      .notNull()
      .references(() => events.id),
    hour: timestamp('hour', { withTimezone: true }).notNull(),
    views: integer('views').notNull().default(0),
    holds: integer('holds').notNull().default(0),
    orders: integer('orders').notNull().default(0),
    tickets: integer('tickets').notNull().default(0),
    grossCents: bigint('gross_cents', { mode: 'number' }).notNull().default(0),
    refunds: integer('refunds').notNull().default(0),
    refundedCents: bigint('refunded_cents', { mode: 'number' }).notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.eventId, table.hour] })],
);
