import type { EventRef } from '@liventix/contracts/events';
import { isChargeable } from '@liventix/contracts/money';
import type { OrganizerEventView, PauseSales, ReadinessView } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { constraintOf, fail } from '../../platform/errors.ts';
import { requireRole } from '../organizations/require-role.ts';
import { changeStatus, findTier, listTiers, lockEvent, pauseSales, readEvent, readReadiness } from './organizer.sql.ts';
import { readOrganizerEvent } from './read-event.ts';

/** Every launch condition by name, passed or not. */
export async function checkReadiness(ctx: Ctx, { eventId }: EventRef): Promise<ReadinessView> {
  await requireRole(ctx, eventId, 'events.see');
  const found = await readReadiness(ctx.db.engine.sql, eventId);
  return found ?? fail('NOT_FOUND');
}

/**
 * Puts a draft on the bill. Needs every row of the readiness list: EVENT_NOT_READY with `missing` else; and, outside of a demo, a
 * proven mailbox (HOST_UNPROVEN): buyers are mailed the event's own words.
 */
export async function publishEvent(ctx: Ctx, { eventId }: EventRef): Promise<OrganizerEventView> {
  const { organizationId } = await requireRole(ctx, eventId, 'events');
  if (!ctx.actor?.emailVerified && !ctx.services.env.DEMO) fail('HOST_UNPROVEN');
  await ctx.write(async (_tx, sql) => {
    const event = await lockEvent(sql, eventId);
    if (!event) fail('NOT_FOUND');
    if (event.status === 'cancelled') fail('EVENT_CANCELLED');
    if (event.status !== 'draft') return;
    const [readiness, tiers, row] = [
      await readReadiness(sql, eventId),
      await listTiers(sql, eventId),
      await readEvent(sql, eventId),
    ];
    const missing: string[] = (readiness?.checks ?? []).filter((check) => !check.passed).map((check) => check.name);
    const priced = tiers.every((tier) => isChargeable(tier.priceCents, row?.currency ?? ''));
    if (!priced && !missing.includes('has_prices')) missing.push('has_prices');
    if (missing.length > 0) fail('EVENT_NOT_READY', { details: { missing } });
    await changeStatus(sql, eventId, 'published');
  });
  announce(ctx, eventId, organizationId);
  return readOrganizerEvent(ctx, { eventId });
}

/** Back to a draft, as long as nobody bought or is buying: EVENT_HAS_ORDERS else. */
export async function unpublishEvent(ctx: Ctx, { eventId }: EventRef): Promise<OrganizerEventView> {
  const { organizationId } = await requireRole(ctx, eventId, 'events');
  try {
    await ctx.write(async (_tx, sql) => {
      await lockEvent(sql, eventId);
      await changeStatus(sql, eventId, 'draft');
    });
  } catch (err) {
    if (constraintOf(err) === 'event_has_buyers') fail('EVENT_HAS_ORDERS', { cause: err });
    throw err;
  }
  announce(ctx, eventId, organizationId);
  return readOrganizerEvent(ctx, { eventId });
}

/**
 * Stops new checkouts of an event or one tier until it is resumed; everybody sees it at once. Running checkouts are
 * stretched by the pause, at most 30 minutes, and may finish.
 */
export const pauseEvent = (ctx: Ctx, input: PauseSales) => setPaused(ctx, input, true);
export const resumeEvent = (ctx: Ctx, input: PauseSales) => setPaused(ctx, input, false);

async function setPaused(ctx: Ctx, { eventId, tierId }: PauseSales, paused: boolean): Promise<{ paused: boolean }> {
  const { organizationId } = await requireRole(ctx, eventId, 'events');
  if (tierId) {
    const tier = await findTier(ctx.db.engine.sql, tierId);
    if (tier?.eventId !== eventId) fail('NOT_FOUND');
  }
  await ctx.write((_tx, sql) => pauseSales(sql, eventId, tierId ?? null, paused));
  announce(ctx, eventId, organizationId);
  return { paused };
}

function announce(ctx: Ctx, eventId: string, organizationId: string | null): void {
  ctx.live.touch('event', eventId);
  ctx.live.touch('staff', eventId);
  if (organizationId) ctx.live.touch('organization', organizationId);
}
