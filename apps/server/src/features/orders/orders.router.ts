import { CreateOrder, OrderByCode, ReadCheckout } from '@liventix/contracts/orders';
import { limited, personProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { createOrder } from './create-order.ts';
import { findMyOrder, listMyOrders } from './list-my-orders.ts';
import { viewCheckout } from './view-checkout.ts';

export const ordersRouter = router({
  checkout: publicProcedure.input(ReadCheckout).query(({ ctx, input }) => viewCheckout(ctx, input)),
  create: personProcedure
    .use(limited({ name: 'orders.create', points: 30, perSeconds: 60 }))
    .input(CreateOrder)
    .mutation(({ ctx, input }) => createOrder(ctx, input)),
  mine: publicProcedure.query(({ ctx }) => listMyOrders(ctx)),
  byCode: personProcedure
    .use(limited({ name: 'orders.by-code', points: 30, perSeconds: 60 }))
    .input(OrderByCode)
    .query(({ ctx, input }) => findMyOrder(ctx, input)),
});
