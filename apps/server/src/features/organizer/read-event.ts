import type { EventRef } from '@liventix/contracts/events';
import { permissionsOf } from '@liventix/contracts/organizations';
import type { OrganizerEventView } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { posterSpecOf, posterVersionOf } from '../events/events.rules.ts';
import { requireRole } from '../organizations/require-role.ts';
import { listTiers, readEvent, readReadiness } from './organizer.sql.ts';

/** An event as its team edits it: the row, its tiers with counters, what is missing before it can be published. */
export async function readOrganizerEvent(ctx: Ctx, { eventId }: EventRef): Promise<OrganizerEventView> {
  const { role } = await requireRole(ctx, eventId, 'events.see');
  const { sql } = ctx.db.engine;
  const [row, tiers, readiness] = await Promise.all([
    readEvent(sql, eventId),
    listTiers(sql, eventId),
    readReadiness(sql, eventId),
  ]);
  if (!row || !readiness) fail('NOT_FOUND');
  const { feeBps, feeFixedCents, feeCapCents, feePaidBy, organizationId, organizationName, poster, ...rest } = row;
  const facts = { ...rest, poster };
  const spec = posterSpecOf(facts);
  return {
    ...rest,
    fees: { feeBps, feeFixedCents, feeCapCents, feePaidBy },
    poster: spec,
    palette: spec.palette,
    posterVersion: posterVersionOf(facts),
    organization: organizationId ? { id: organizationId, name: organizationName ?? '' } : null,
    role,
    permissions: permissionsOf(role),
    tiers,
    readiness,
  };
}
