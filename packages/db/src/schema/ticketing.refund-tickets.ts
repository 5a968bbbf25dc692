import { primaryKey, uuid } from 'drizzle-orm/pg-core';
import { ticketingSchema } from './schemas.ts';
import { refunds } from './ticketing.refunds.ts';
import { tickets } from './ticketing.tickets.ts';

export const refundTickets = ticketingSchema.table(
  'refund_tickets',
  {
    refundId: uuid('refund_id')
      .notNull()
      .references(() => refunds.id),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id),
  },
  (table) => [primaryKey({ columns: [table.refundId, table.ticketId] })],
);
