import { bigint, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { events } from './events.events.ts';
import { ticketingSchema } from './schemas.ts';

const sum = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

export const eventSales = ticketingSchema.table(
  'event_sales',
  {
    eventId: uuid('event_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    width: text('width').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    tickets: sum('tickets'),
    grossCents: sum('gross_cents'),
    refundedCents: sum('refunded_cents'),
    paidOrders: sum('paid_orders'),
  },
  (table) => [primaryKey({ columns: [table.eventId, table.width, table.at] })],
);
