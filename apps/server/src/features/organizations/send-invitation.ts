import { createHash, randomBytes } from 'node:crypto';
import type { WorkCtx } from '../../platform/context.ts';
import { organizationInvitationMail } from '../documents/mails/account-mails.tsx';
import { renewInvitationToken } from './organizations.sql.ts';
import { ROLE_WORDS } from './role-words.ts';

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Mails an invitation. Each try has a token of its own, and only its hash is kept: the newest mail is the one that opens. */
export async function sendInvitation(ctx: WorkCtx, { invitationId }: { invitationId: string }): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  const facts = await ctx.db.engine.transaction((_tx, sql) =>
    renewInvitationToken(sql, invitationId, hashToken(token)),
  );
  if (!facts) return;
  const { label, words } = ROLE_WORDS[facts.role];
  const mail = await organizationInvitationMail({
    url: `${ctx.services.env.PUBLIC_URL}/organizer/invite/${token}`,
    minutes: facts.minutes,
    organizationName: facts.organizationName,
    inviterName: facts.inviterName,
    roleLabel: label,
    roleWords: words,
  });
  await ctx.services.mailer.send({ to: facts.email, ...mail });
}
