import * as z from 'zod/mini';
import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailFailedRefund } from './mail-failed-refund.ts';
import { mailFreeEnded, mailRefund } from './mail-refund.ts';
import { reconcileRefunds } from './reconcile-refunds.ts';
import { mailFailedRefundKind, mailFreeEndedKind, mailRefundKind, sendRefundKind } from './refunds.kinds.ts';
import { sendRefundOnce } from './send-refund.ts';

export const refundsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...sendRefundKind, handler: sendRefundOnce })),
  asAnyJob(defineJob({ ...mailRefundKind, handler: mailRefund })),
  asAnyJob(defineJob({ ...mailFailedRefundKind, handler: mailFailedRefund })),
  asAnyJob(defineJob({ ...mailFreeEndedKind, handler: mailFreeEnded })),
  asAnyJob(
    defineJob({
      name: 'refunds.reconcile',
      urgency: 'upkeep',
      schema: z.object({}),
      handler: (ctx) => reconcileRefunds(ctx),
      schedule: { everyMs: 60_000 },
    }),
  ),
];
