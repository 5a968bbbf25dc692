import type { EventRef } from '@liventix/contracts/events';
import { HEALTH_CHECKS, type HealthView } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { requireRole } from '../organizations/require-role.ts';
import { readHealth } from './health.sql.ts';

/** What disagrees about an event, in plain sentences; none when all checks hold. Read now, never from a cache. */
export async function checkHealth(ctx: Ctx, { eventId }: EventRef): Promise<HealthView> {
  await requireRole(ctx, eventId, 'events.see');
  const row = await readHealth(ctx.db.engine.sql, eventId);
  if (!row) fail('NOT_FOUND');
  return { ...row, checks: HEALTH_CHECKS.length };
}
