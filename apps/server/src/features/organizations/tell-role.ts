import type postgres from 'postgres';
import type { WorkCtx } from '../../platform/context.ts';
import { enqueue } from '../../platform/jobs.ts';
import { roleChangedMail } from '../documents/mails/account-mails.tsx';
import { mailRole } from './organizations.kinds.ts';
import { noteRoleChange, noteRoleTold, readOrgRole, readRoleMail, readRoleNotice } from './organizations.sql.ts';
import { ROLE_WORDS } from './role-words.ts';

export interface RoleNews {
  orgId: string;
  userId: string;
  /** Who changed it last. */
  byId: string;
}

const keyOf = ({ orgId, userId }: RoleNews): string => `role:${orgId}:${userId}`;

/**
 * In the transaction that changes her role: the member will be told, at once or an hour after the mail before. Of several changes
 * she hears the last one.
 * @param from her role before
 */
export async function announceRole(sql: postgres.ISql, news: RoleNews, from: string): Promise<void> {
  const runAt = await noteRoleChange(sql, news, from);
  await enqueue(sql, mailRole, news, { key: keyOf(news), runAt });
}

/**
 * Mails a member what someone else made of her role: nobody loses or gains access without a word. Nothing when it is again what she
 * knows. Later when she was told within the hour. Not out of the budget of strangers' mails: they could use it up and take her role
 * without a word.
 */
export async function tellRole(ctx: WorkCtx, news: RoleNews): Promise<void> {
  const { sql } = ctx.db.engine;
  const notice = await readRoleNotice(sql, news);
  if (!notice) return;
  if (notice.waitsUntil) return enqueue(sql, mailRole, news, { key: keyOf(news), runAt: notice.waitsUntil });
  const role = await readOrgRole(sql, news.orgId, news.userId);
  if (role === notice.knownRole) return noteRoleTold(sql, news, role, { mailed: false });
  const facts = await readRoleMail(sql, news);
  if (!facts) return;
  const mail = await roleChangedMail({
    organizationName: facts.organizationName,
    byName: facts.byName,
    role: role && ROLE_WORDS[role],
    url: `${ctx.services.env.PUBLIC_URL}/organizer`,
  });
  await ctx.services.mailer.send({ to: facts.email, ...mail });
  await noteRoleTold(sql, news, role, { mailed: true });
}
