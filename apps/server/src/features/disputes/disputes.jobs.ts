import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailDisputeKind } from './disputes.kinds.ts';
import { mailDispute } from './mail-dispute.ts';

export const disputesJobs: readonly AnyJob[] = [asAnyJob(defineJob({ ...mailDisputeKind, handler: mailDispute }))];
