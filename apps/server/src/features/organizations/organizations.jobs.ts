import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailInvitation, mailRole } from './organizations.kinds.ts';
import { sendInvitation } from './send-invitation.ts';
import { tellRole } from './tell-role.ts';

export const organizationsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...mailInvitation, handler: sendInvitation })),
  asAnyJob(defineJob({ ...mailRole, handler: tellRole })),
];
