import * as z from 'zod/mini';
import type { WorkCtx } from '../../platform/context.ts';
import { type AnyJob, asAnyJob, defineJob, defineJobKind } from '../../platform/jobs.ts';
import type { RateLimit } from '../../platform/rate-limits.ts';
import { accountChangedMail } from '../documents/mails/account-mails.tsx';
import { isLiving } from './security.sql.ts';

/** What the database tells of (access.tell_change). */
const CHANGES = [
  'password_changed',
  'password_set',
  'factor_added',
  'factor_removed',
  'recovery_code_used',
  'codes_renewed',
  'address_left',
  'address_taken',
  'account_deleted',
] as const;
export type AccountChange = (typeof CHANGES)[number];

const tellChangeKind = defineJobKind({
  name: 'accounts.tell-change',
  urgency: 'mail',
  schema: z.object({ userId: z.uuid(), kind: z.enum(CHANGES), mailbox: z.string() }),
});

/** Whoever changes back and forth cannot fill her mailbox; the first mails are the ones that count. */
const MAILS: RateLimit = { name: 'accounts.tell-change', points: 6, perSeconds: 3600 };

/** Mails a person that her account was changed. Of an account that was deleted in the same breath only that is told. */
async function tellChange(
  ctx: WorkCtx,
  { userId, kind, mailbox }: { userId: string; kind: AccountChange; mailbox: string },
): Promise<void> {
  if (kind !== 'account_deleted' && !(await isLiving(ctx.db.engine.sql, userId))) return;
  if ((await ctx.services.limits.take(MAILS, userId)) !== null) return;
  const mail = await accountChangedMail({ kind, url: `${ctx.services.env.PUBLIC_URL}/forgot` });
  await ctx.services.mailer.send({ to: mailbox, ...mail });
}

export const securityJobs: readonly AnyJob[] = [asAnyJob(defineJob({ ...tellChangeKind, handler: tellChange }))];
