import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailInvitation } from './organizations.kinds.ts';
import { sendInvitation } from './send-invitation.ts';

export const organizationsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...mailInvitation, handler: sendInvitation })),
];
