import type { EventRef } from '@liventix/contracts/events';
import { type OrgRole, permissionsOf, roleAllows } from '@liventix/contracts/organizations';
import type { DashboardView, DaysView } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { countViewsToday } from '../analytics/count-views.ts';
import { posterSpecOf, posterVersionOf } from '../events/events.rules.ts';
import { checkHealth } from '../health/check-health.ts';
import { findStaff } from '../organizations/require-role.ts';
import { type DaysRow, readDays, readEvent } from './organizer.sql.ts';

/** The first data of the live dashboard; everything that moves comes from the staff room from then on. */
export async function readDashboard(ctx: Ctx, { eventId }: EventRef): Promise<DashboardView> {
  const staff = await findStaff(ctx, eventId);
  if (!staff) fail('NOT_FOUND');
  const { role } = staff;
  const { sql } = ctx.db.engine;
  const sees = roleAllows(role, 'events.see');
  const [event, snapshot, days, views, health] = await Promise.all([
    readEvent(sql, eventId),
    ctx.live.snapshot(ctx, 'staff', eventId),
    readDays(sql, eventId),
    countViewsToday(ctx, eventId),
    sees ? checkHealth(ctx, { eventId }) : null,
  ]);
  if (!event || !days) fail('NOT_FOUND');
  const { id, slug, title, currency, timeZone, startAt, status, publishedAt } = event;
  return {
    event: {
      id,
      slug,
      title,
      currency,
      timeZone,
      startAt,
      status,
      publishedAt,
      onSaleAt: days.onSaleAt,
      palette: posterSpecOf(event).palette,
      posterVersion: posterVersionOf(event),
    },
    role,
    permissions: permissionsOf(role),
    snapshot: { version: snapshot.version, data: snapshot.data },
    ...daysFor(role, days, views),
    health,
  };
}

/** Yesterday, today and who waits for a place, read again while a dashboard is open. */
export async function readEventDays(ctx: Ctx, { eventId }: EventRef): Promise<DaysView> {
  const staff = await findStaff(ctx, eventId);
  if (!staff) fail('NOT_FOUND');
  const [days, views] = await Promise.all([readDays(ctx.db.engine.sql, eventId), countViewsToday(ctx, eventId)]);
  if (!days) fail('NOT_FOUND');
  return daysFor(staff.role, days, views);
}

function daysFor(role: OrgRole, days: DaysRow, views: number): DaysView {
  const money = roleAllows(role, 'totals');
  return {
    yesterday: {
      sold: days.soldYesterday,
      ...(money ? { grossCents: days.grossYesterday, netCents: days.netYesterday } : {}),
    },
    today: { sold: days.soldToday, views },
    wanted: days.wanted,
  };
}
