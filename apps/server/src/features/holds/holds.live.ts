import { defineRoom } from '../../platform/live/define-room.ts';
import { orderSnapshot } from '../orders/orders.rules.ts';
import { readFacts } from '../orders/view-checkout.ts';
import { isOwnCheckout, readUserSnapshot } from './holds.sql.ts';

const idOf = (column: string) => (row: Record<string, unknown>) => row[column] as string;

/** A checkout, for its buyer: every tab and every device. The room's id is the checkout's. */
export const orderRoom = defineRoom({
  kind: 'order',
  async authorize(ctx, id) {
    const userId = ctx.actor?.userId;
    return userId ? ctx.read((_tx, sql) => isOwnCheckout(sql, userId, id)) : false;
  },
  async snapshot(ctx, id) {
    const facts = await readFacts(ctx, { checkoutId: id, userId: null });
    return facts && { version: facts.version, data: orderSnapshot(facts) };
  },
  fromRow: {
    'ticketing.ticket_holds': idOf('checkout_id'),
    'ticketing.orders': idOf('checkout_id'),
  },
});

/** What is a person's own: tickets and running checkouts. The room's id is hers. */
export const userRoom = defineRoom({
  kind: 'user',
  authorize: async (ctx, id) => ctx.actor?.userId === id,
  snapshot: (ctx, id) => readUserSnapshot(ctx.db.engine.sql, id),
  fromRow: {
    'ticketing.ticket_holds': idOf('user_id'),
    'ticketing.tickets': (row, old) => [row.owner_user_id as string, old?.owner_user_id as string | undefined],
  },
});

export const holdsRooms = [orderRoom, userRoom];
