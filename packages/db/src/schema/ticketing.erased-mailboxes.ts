import { uuid } from 'drizzle-orm/pg-core';
import { bytes, ticketingSchema } from './schemas.ts';
import { orders } from './ticketing.orders.ts';

export const erasedMailboxes = ticketingSchema.table('erased_mailboxes', {
  orderId: uuid('order_id')
    .primaryKey()
    .references(() => orders.id, { onDelete: 'cascade' }),
  mark: bytes('mark').notNull(),
});
