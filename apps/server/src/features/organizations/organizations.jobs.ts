import { type AnyJob, asAnyJob, defineJob } from '../../platform/jobs.ts';
import { mailContact, mailInvitation, mailRole } from './organizations.kinds.ts';
import { sendInvitation } from './send-invitation.ts';
import { tellContact } from './tell-contact.ts';
import { tellRole } from './tell-role.ts';

export const organizationsJobs: readonly AnyJob[] = [
  asAnyJob(defineJob({ ...mailInvitation, handler: sendInvitation })),
  asAnyJob(defineJob({ ...mailContact, handler: tellContact })),
  asAnyJob(defineJob({ ...mailRole, handler: tellRole })),
];
