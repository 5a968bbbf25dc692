import { isChargeable } from '@liventix/contracts/money';
import type { CreateTier, OrganizerTier, ReorderTiers, TierRef, UpdateTier } from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import { constraintOf, fail } from '../../platform/errors.ts';
import { requireRole } from '../organizations/require-role.ts';
import { keepReady } from './keep-ready.ts';
import { instantOf } from './organizer.rules.ts';
import {
  changeTier,
  deleteTier,
  findTier,
  insertTier,
  listTiers,
  lockEvent,
  orderTiers,
  readEvent,
  readTierGuards,
  type TierChange,
} from './organizer.sql.ts';

/** A new kind of ticket, on sale at once when the event is. TIER_PRICE_INVALID for what the provider cannot charge. */
export async function createTier(ctx: Ctx, input: CreateTier): Promise<OrganizerTier[]> {
  const { eventId } = input;
  await requireRole(ctx, eventId, 'events');
  const { name, priceCents: price_cents, quantity } = input;
  const made = await guarded(() =>
    ctx.write(async (_tx, sql) => {
      // Locked before its currency is read: another one may be on its way.
      await lockEvent(sql, eventId);
      const event = await readEvent(sql, eventId);
      if (!event) fail('NOT_FOUND');
      return insertTier(sql, eventId, { ...columnsOf(input, event), name, price_cents, quantity });
    }),
  );
  if (!made) fail('INPUT_INVALID', { details: { issues: [{ path: ['name'], message: 'sixty_tiers' }] } });
  return announce(ctx, eventId);
}

/**
 * Changes a tier while it sells. Who holds places keeps her quote (docs/domain.md, "Inventory"); the quantity never goes below
 * what is sold and in checkout: TIER_QUANTITY_TOO_LOW with `taken`, by one guarded statement. With an edition that is no
 * longer the tier's: EDIT_CONFLICT, with the tiers as they are now in `current`.
 */
export async function updateTier(ctx: Ctx, input: UpdateTier): Promise<OrganizerTier[]> {
  const tier = await findTier(ctx.db.engine.sql, input.tierId);
  if (!tier) fail('NOT_FOUND');
  await requireRole(ctx, tier.eventId, 'events');
  await guarded(() =>
    ctx.write((_tx, sql) =>
      keepReady(sql, tier.eventId, async () => {
        const locked = await findTier(sql, input.tierId);
        if (!locked) fail('NOT_FOUND');
        const change = columnsOf(input, locked);
        if (input.open !== undefined) change.status = input.open ? 'active' : 'inactive';
        if (await changeTier(sql, input.tierId, change, input.edition)) return;
        const now = await readTierGuards(sql, input.tierId);
        if (!now) fail('NOT_FOUND');
        if (input.edition !== undefined && input.edition !== now.edition)
          fail('EDIT_CONFLICT', { details: { current: await listTiers(sql, tier.eventId) } });
        fail('TIER_QUANTITY_TOO_LOW', { details: { field: 'quantity', taken: now.taken } });
      }),
    ),
  );
  return announce(ctx, tier.eventId);
}

/** Takes away a tier that nobody ever held or bought; others are closed instead. EVENT_HAS_ORDERS otherwise. */
export async function removeTier(ctx: Ctx, { tierId }: TierRef): Promise<OrganizerTier[]> {
  const tier = await findTier(ctx.db.engine.sql, tierId);
  if (!tier) fail('NOT_FOUND');
  await requireRole(ctx, tier.eventId, 'events');
  await ctx.write((_tx, sql) =>
    keepReady(sql, tier.eventId, async () => {
      if (!(await deleteTier(sql, tierId))) fail('EVENT_HAS_ORDERS');
    }),
  );
  return announce(ctx, tier.eventId);
}

/** The order in which the event's page lists its tiers. */
export async function reorderTiers(ctx: Ctx, { eventId, tierIds }: ReorderTiers): Promise<OrganizerTier[]> {
  await requireRole(ctx, eventId, 'events');
  await ctx.write((_tx, sql) => orderTiers(sql, eventId, tierIds));
  return announce(ctx, eventId);
}

function announce(ctx: Ctx, eventId: string): Promise<OrganizerTier[]> {
  ctx.live.touch('event', eventId);
  ctx.live.touch('staff', eventId);
  return listTiers(ctx.db.engine.sql, eventId);
}

function columnsOf(
  input: Omit<UpdateTier, 'tierId'>,
  { currency, timeZone }: { currency: string; timeZone: string },
): TierChange {
  const { name, description, priceCents, quantity, minPerOrder, maxPerOrder, taxRateBps } = input;
  if (priceCents !== undefined && !isChargeable(priceCents, currency))
    fail('TIER_PRICE_INVALID', { details: { field: 'priceCents', currency } });
  const change: TierChange = {};
  if (name !== undefined) change.name = name;
  if (description !== undefined) change.description = description;
  if (priceCents !== undefined) change.price_cents = priceCents;
  if (quantity !== undefined) change.quantity = quantity;
  if (minPerOrder !== undefined) change.min_per_order = minPerOrder;
  if (maxPerOrder !== undefined) change.max_per_order = maxPerOrder;
  if (taxRateBps !== undefined) change.tax_rate_bps = taxRateBps;
  for (const [field, column] of [
    ['salesStartLocal', 'sales_start'],
    ['salesEndLocal', 'sales_end'],
  ] as const) {
    const local = input[field];
    if (local === undefined) continue;
    const at = local === null ? null : instantOf(local, timeZone, input.which);
    if (at !== null && typeof at !== 'number') {
      const { code, ...details } = at;
      fail(code, { details: { field, local, zone: timeZone, ...details } });
    }
    change[column] = at === null ? null : new Date(at);
  }
  return change;
}

/** Two fields that disagree are a matter for the form: the table's own checks say which. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    const name = constraintOf(err) ?? '';
    const field =
      /check1?$|check2?$/.test(name) && name.startsWith('ticket_tiers_check')
        ? name.endsWith('1')
          ? 'salesEndLocal'
          : 'maxPerOrder'
        : null;
    const message = field === 'salesEndLocal' ? 'sales_end' : 'most_per_order';
    if (field) fail('INPUT_INVALID', { details: { issues: [{ path: [field], message }] }, cause: err });
    if (name === 'never_oversold') fail('TIER_QUANTITY_TOO_LOW', { cause: err });
    throw err;
  }
}
