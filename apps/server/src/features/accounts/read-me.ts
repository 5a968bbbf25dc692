import type { Me } from '@liventix/contracts/accounts';
import type { Ctx } from '../../platform/context.ts';
import { findOwnProfile, hasPassword } from './accounts.sql.ts';

/** Who the caller is, for the head of every page; null for a visitor. A guest's placeholder address stays inside. */
export async function readMe(ctx: Ctx): Promise<Me | null> {
  const { actor } = ctx;
  if (!actor) return null;
  const [profile, password] = await Promise.all([
    ctx.read((_tx, sql) => findOwnProfile(sql)),
    actor.isAnonymous ? false : hasPassword(ctx.db.auth.sql, actor.userId),
  ]);
  return {
    userId: actor.userId,
    isAnonymous: actor.isAnonymous,
    email: actor.isAnonymous ? null : actor.email,
    emailVerified: actor.emailVerified,
    displayName: profile?.display_name ?? actor.name,
    photoUrl: profile?.photo_url ?? null,
    role: actor.role,
    settings: profile?.settings ?? {},
    hasPassword: password,
  };
}
