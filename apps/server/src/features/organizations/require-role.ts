import { type OrgRole, type Permission, roleAllows } from '@liventix/contracts/organizations';
import type { Actor, Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { readEventRole, readOrgRole } from './organizations.sql.ts';

export interface Staff {
  actor: Actor;
  role: OrgRole;
  /** The event's organization; null when a person owns it. */
  organizationId: string | null;
}

/**
 * Who the caller is to an event, and whether her role allows this (docs/domain.md, "Access"). Foreign and missing events are the
 * same NOT_FOUND; ROLE_REQUIRED for members whose role does not go that far. Asked of the database every time.
 */
export async function requireRole(ctx: Ctx, eventId: string, permission: Permission): Promise<Staff> {
  const staff = await findStaff(ctx, eventId);
  if (!staff) fail('NOT_FOUND');
  if (!roleAllows(staff.role, permission)) fail('ROLE_REQUIRED', { details: { permission, role: staff.role } });
  return staff;
}

/** Who the caller is to an event, or null for everybody else. */
export async function findStaff(ctx: Ctx, eventId: string): Promise<Staff | null> {
  const { actor } = ctx;
  if (!actor || actor.isAnonymous) return null;
  const found = await readEventRole(ctx.db.engine.sql, eventId, actor.userId);
  if (!found?.role) return null;
  return { actor, role: found.role, organizationId: found.organizationId };
}

/** The same for an organization itself; without a permission any member will do. */
export async function requireOrgRole(
  ctx: Ctx,
  orgId: string,
  permission?: Permission,
): Promise<{ actor: Actor; role: OrgRole }> {
  const { actor } = ctx;
  const role = actor && !actor.isAnonymous ? await readOrgRole(ctx.db.engine.sql, orgId, actor.userId) : null;
  if (!actor || !role) fail('NOT_FOUND');
  if (permission && !roleAllows(role, permission)) fail('ROLE_REQUIRED', { details: { permission, role } });
  return { actor, role };
}
