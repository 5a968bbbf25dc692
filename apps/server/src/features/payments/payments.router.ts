import { StartPayment, SyncPayment } from '@liventix/contracts/payments';
import { limited, personProcedure, router } from '../../platform/trpc.ts';
import { returnFromPayment } from './return-from-payment.ts';
import { startPayment } from './start-payment.ts';

export const paymentsRouter = router({
  start: personProcedure
    .use(limited({ name: 'payments.start', points: 30, perSeconds: 60 }))
    .input(StartPayment)
    .mutation(({ ctx, input }) => startPayment(ctx, input)),
  sync: personProcedure
    .use(limited({ name: 'payments.sync', points: 60, perSeconds: 60 }))
    .input(SyncPayment)
    .mutation(({ ctx, input }) => returnFromPayment(ctx, input)),
});
