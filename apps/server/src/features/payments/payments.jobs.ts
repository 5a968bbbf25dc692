import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { cancelIntent } from './cancel-intent.ts';
import { cancelIntentKind, processWebhookKind } from './payments.kinds.ts';
import { processWebhook } from './process-webhook.ts';
import { reconcilePayments } from './reconcile-payments.ts';

export const paymentsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...cancelIntentKind, handler: cancelIntent })),
  asAnyJob(defineJob({ ...processWebhookKind, handler: processWebhook })),
  asAnyJob(
    defineJob({
      name: 'payments.reconcile',
      schema: z.object({}),
      handler: (ctx) => reconcilePayments(ctx),
      schedule: { everyMs: 30_000 },
    }),
  ),
];
