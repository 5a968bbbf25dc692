import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { cancelIntent } from './cancel-intent.ts';
import { cancelIntentKind, processWebhookKind, syncPaymentKind } from './payments.kinds.ts';
import { processWebhook } from './process-webhook.ts';
import { reconcileOutside } from './reconcile-outside.ts';
import { reconcilePayments } from './reconcile-payments.ts';
import { syncPayment } from './sync-payment.ts';

export const paymentsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...cancelIntentKind, handler: cancelIntent })),
  asAnyJob(defineJob({ ...processWebhookKind, handler: processWebhook })),
  asAnyJob(
    defineJob({
      ...syncPaymentKind,
      handler: async (ctx, { orderId }) => {
        await syncPayment(ctx, { orderId, whole: true });
      },
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'payments.reconcile',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => reconcilePayments(ctx),
      schedule: { everyMs: 30_000 },
    }),
  ),
  asAnyJob(
    defineJob({
      name: 'payments.reconcile-outside',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => reconcileOutside(ctx),
      schedule: { everyMs: 60_000 },
    }),
  ),
];
