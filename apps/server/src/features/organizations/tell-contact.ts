import type { WorkCtx } from '../../platform/context.ts';
import { contactMail } from '../documents/mails/account-mails.tsx';
import { readOrganization, readRoleMail } from './organizations.sql.ts';

/** Mails a member that buyers' replies reach her from now on, and that they see her address; nothing when she is it no more. */
export async function tellContact(ctx: WorkCtx, news: { orgId: string; userId: string; byId: string }): Promise<void> {
  const { sql } = ctx.db.engine;
  const facts = await readRoleMail(sql, news);
  if (!facts || (await readOrganization(sql, news.orgId))?.contactUserId !== news.userId) return;
  const url = `${ctx.services.env.PUBLIC_URL}/organizer/team/${news.orgId}`;
  const { email: to, ...words } = facts;
  await ctx.services.mailer.send({ to, ...(await contactMail({ ...words, url })) });
}
