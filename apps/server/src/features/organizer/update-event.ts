import { isChargeable, sameAmount } from '@liventix/contracts/money';
import { roleAllows } from '@liventix/contracts/organizations';
import type { OrganizerEventView, UpdateEvent } from '@liventix/contracts/organizer';
import type postgres from 'postgres';
import type { Ctx } from '../../platform/context.ts';
import { constraintOf, fail } from '../../platform/errors.ts';
import { requireRole } from '../organizations/require-role.ts';
import { slugOf } from './create-event.ts';
import { keepReady } from './keep-ready.ts';
import { instantOf, isZone, shiftLocal } from './organizer.rules.ts';
import {
  changeEvent,
  changeTier,
  type EventChange,
  type EventRow,
  listTiers,
  readEvent,
  settleInstant,
} from './organizer.sql.ts';
import { readOrganizerEvent } from './read-event.ts';

/** Plain columns: the field's name in the input, and in the table. */
const COLUMNS = {
  title: 'title',
  summary: 'summary',
  description: 'description',
  visibility: 'visibility',
  category: 'category',
  timeZone: 'time_zone',
  onlineUrl: 'online_url',
  accessInfo: 'access_info',
  minAge: 'min_age',
  refundPolicy: 'refund_policy',
  refundKeepsFees: 'refund_keeps_fees',
  availabilityDisplay: 'availability_display',
  maxPerPerson: 'max_per_person',
  currency: 'currency',
  taxIncluded: 'tax_included',
  resellRefunded: 'resell_refunded',
  postsByVerified: 'posts_by_verified',
  waitingRoom: 'waiting_room',
  feeBps: 'fee_bps',
  feeFixedCents: 'fee_fixed_cents',
  feeCapCents: 'fee_cap_cents',
  feePaidBy: 'fee_paid_by',
} as const satisfies Partial<Record<keyof UpdateEvent, string>>;
const OR_NOTHING = { venue: 'venue', address: 'address', city: 'city' } as const;
const FEES = ['feeBps', 'feeFixedCents', 'feeCapCents', 'feePaidBy'] as const;
const TIMES = { startLocal: 'start', endLocal: 'end', doorsLocal: 'doors' } as const;
type TimeField = keyof typeof TIMES;
const DAY_MS = 86_400_000;

/**
 * Saves what was changed, as you go. Local times are checked against the event's zone (LOCAL_TIME_MISSING,
 * LOCAL_TIME_DOUBLED with the choices); the currency stays once there is an order, prices keep their amount in a new one; fees
 * are an owner's business; what is on sale keeps every launch condition. With an edition that is no longer the event's:
 * EDIT_CONFLICT, with the event as it is now in `current`.
 */
export async function updateEvent(ctx: Ctx, input: UpdateEvent): Promise<OrganizerEventView> {
  const { eventId, edition } = input;
  const { role, organizationId } = await requireRole(ctx, eventId, 'events');
  if (FEES.some((field) => input[field] !== undefined) && !roleAllows(role, 'money')) {
    fail('ROLE_REQUIRED', { details: { permission: 'money', role } });
  }
  const current = await readEvent(ctx.db.engine.sql, eventId);
  if (!current) fail('NOT_FOUND');
  if (current.status === 'cancelled') fail('EVENT_CANCELLED');
  if (edition !== undefined && edition !== current.edition) return conflict(ctx, eventId);
  if (input.currency !== undefined && input.currency !== current.currency && current.hasOrders)
    fail('EVENT_HAS_ORDERS', { details: { field: 'currency' } });

  const change: EventChange = {};
  for (const [field, column] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][]) {
    const value = input[field];
    if (value !== undefined) change[column] = value;
  }
  for (const [field, column] of Object.entries(OR_NOTHING) as [keyof typeof OR_NOTHING, string][]) {
    if (input[field] !== undefined) change[column] = input[field] || null;
  }
  if (input.lineUp) change.line_up = JSON.stringify(input.lineUp);
  if (input.title !== undefined && !current.publishedAt && input.title !== current.title)
    change.slug = slugOf(input.title);
  const times = moveAlong(input, current);
  const instants = timesOf({ ...input, ...times }, current, input);
  for (const [field, name] of Object.entries(TIMES) as [TimeField, string][]) {
    if (times[field] !== undefined) change[`${name}_local`] = times[field];
  }

  let changed = true;
  try {
    await ctx.write((_tx, sql) =>
      keepReady(sql, eventId, async () => {
        const before = await readEvent(sql, eventId);
        // First, because whoever has buyers keeps the currency, whatever its prices would become.
        changed = await changeEvent(sql, eventId, change, edition);
        if (!changed) return;
        if (before && input.currency !== undefined && input.currency !== before.currency) {
          const fees = Object.entries(await moveAmounts(sql, before, input.currency));
          // A fee that was typed along with the currency is what was typed.
          await changeEvent(sql, eventId, Object.fromEntries(fees.filter(([column]) => !(column in change))));
        }
        for (const [field, name] of Object.entries(TIMES) as [TimeField, 'start' | 'end' | 'doors'][]) {
          const at = instants[field];
          if (at !== undefined && at !== null) await settleInstant(sql, eventId, `${name}_at`, new Date(at));
        }
      }),
    );
  } catch (err) {
    if (constraintOf(err) === 'event_has_buyers') fail('EVENT_HAS_ORDERS', { cause: err });
    throw err;
  }
  if (!changed) return conflict(ctx, eventId);
  ctx.live.touch('event', eventId);
  ctx.live.touch('staff', eventId);
  if (organizationId) ctx.live.touch('organization', organizationId);
  return readOrganizerEvent(ctx, { eventId });
}

async function conflict(ctx: Ctx, eventId: string): Promise<never> {
  return fail('EDIT_CONFLICT', { details: { current: await readOrganizerEvent(ctx, { eventId }) } });
}

/**
 * What a new currency does to the amounts of a locked event: people typed 3,000, so they stay 3,000. Prices are written, fees
 * returned for the caller to write. A price that cannot be charged so is refused by its tier's name; a fee is rounded.
 */
async function moveAmounts(sql: postgres.ISql, event: EventRow, currency: string): Promise<EventChange> {
  for (const tier of await listTiers(sql, event.id)) {
    const { id, name, priceCents } = tier;
    const price = sameAmount(priceCents, event.currency, currency);
    if (price === null || !isChargeable(price, currency))
      fail('TIER_PRICE_INVALID', {
        details: { field: 'currency', tier: name, currency, ...(price === null ? { cents: true } : {}) },
      });
    if (price !== priceCents) await changeTier(sql, id, { price_cents: price });
  }
  const fee = (cents: number) => sameAmount(cents, event.currency, currency) ?? Math.round(cents / 100);
  return {
    fee_fixed_cents: fee(event.feeFixedCents),
    fee_cap_cents: event.feeCapCents === null ? null : fee(event.feeCapCents),
  };
}

/**
 * The wall times that change. A start that moves takes the end and the doors along, unless they were typed too: the night
 * keeps its length, and nobody is let in weeks early.
 */
function moveAlong(input: UpdateEvent, current: EventRow): Partial<Record<TimeField, string | null>> {
  const times: Partial<Record<TimeField, string | null>> = {};
  for (const field of Object.keys(TIMES) as TimeField[]) if (input[field] !== undefined) times[field] = input[field];
  const { startLocal } = times;
  if (!startLocal || !current.startLocal || startLocal === current.startLocal) return times;
  for (const field of ['endLocal', 'doorsLocal'] as const) {
    const local = current[field];
    if (local && times[field] === undefined) times[field] = shiftLocal(local, current.startLocal, startLocal);
  }
  return times;
}

/**
 * Instants of the times that were typed or moved along, or that a new zone moves; refuses those that are none, or two.
 * @param typed what the caller typed: only that is asked about when it happens twice in the night the clocks go back
 */
function timesOf(input: UpdateEvent, current: EventRow, typed: UpdateEvent): Partial<Record<TimeField, number | null>> {
  const zone = input.timeZone ?? current.timeZone;
  if (input.timeZone !== undefined && !isZone(zone))
    fail('INPUT_INVALID', { details: { issues: [{ path: ['timeZone'], message: 'zone' }] } });
  const moved = zone !== current.timeZone;
  const times: Partial<Record<TimeField, number | null>> = {};
  for (const field of Object.keys(TIMES) as TimeField[]) {
    const given = input[field];
    const local = given === undefined ? (moved ? current[field] : undefined) : given;
    if (local === undefined) continue;
    if (local === null) {
      times[field] = null;
      continue;
    }
    // A zone that changes under a time nobody touched takes the first of two.
    const at = instantOf(local, zone, input.which ?? (typed[field] === undefined ? 'earlier' : undefined));
    if (typeof at !== 'number') {
      const { code, ...details } = at;
      fail(code, { details: { field, local, zone, ...details } });
    }
    times[field] = at;
  }
  const at = (field: TimeField, known: Date | null) =>
    times[field] === undefined ? (known?.getTime() ?? null) : (times[field] ?? null);
  const [start, end, doors] = [
    at('startLocal', current.startAt),
    at('endLocal', current.endAt),
    at('doorsLocal', current.doorsAt),
  ];
  if (start !== null && end !== null && end <= start)
    fail('INPUT_INVALID', { details: { issues: [{ path: ['endLocal'], message: 'after_start' }] } });
  if (start !== null && doors !== null && doors > start)
    fail('INPUT_INVALID', { details: { issues: [{ path: ['doorsLocal'], message: 'before_start' }] } });
  if (start !== null && doors !== null && doors < start - DAY_MS)
    fail('INPUT_INVALID', { details: { issues: [{ path: ['doorsLocal'], message: 'day_before' }] } });
  return times;
}
