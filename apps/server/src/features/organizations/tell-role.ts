import type { OrgRole } from '@liventix/contracts/organizations';
import type { WorkCtx } from '../../platform/context.ts';
import { roleChangedMail } from '../documents/mails/account-mails.tsx';
import { readRoleMail } from './organizations.sql.ts';
import { ROLE_WORDS } from './role-words.ts';

export interface RoleNews {
  orgId: string;
  userId: string;
  /** Who changed it. */
  byId: string;
  /** Null: removed from the team. */
  role: OrgRole | null;
}

/** Mails a member what someone else made of her role: nobody loses or gains access without a word. */
export async function tellRole(ctx: WorkCtx, { orgId, userId, byId, role }: RoleNews): Promise<void> {
  const facts = await readRoleMail(ctx.db.engine.sql, { orgId, userId, byId });
  if (!facts) return;
  const mail = await roleChangedMail({
    organizationName: facts.organizationName,
    byName: facts.byName,
    role: role && ROLE_WORDS[role],
    url: `${ctx.services.env.PUBLIC_URL}/organizer`,
  });
  await ctx.services.mailer.send({ to: facts.email, ...mail });
}
