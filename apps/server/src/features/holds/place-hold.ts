import type { HeldPlaces, PlaceHold } from '@liventix/contracts/holds';
import type { Gone } from '../../platform/combine.ts';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { underPressure } from '../inventory/pressure.ts';
import { inventory } from '../inventory/take-places.ts';
import { requireAdmission } from '../waiting-room/require-admission.ts';
import { watchPressure } from '../waiting-room/watch-pressure.ts';
import { addressKeyOf } from './address-key.ts';
import { refusalOf } from './holds.rules.ts';
import { maySeeEvent, releaseAtOtherPrice } from './holds.sql.ts';

/**
 * Takes places for 15 minutes (a guest, while the tier is hoarded: for 5), all lines or none. A visitor is signed in
 * silently as a guest. Sent again with the same checkout id it answers the same places. A buyer who saw another price than
 * the present one is told so first, and nothing is taken.
 * @param gone of the client's connection: a request nobody waits for takes no place
 * @throws PRICE_CHANGED {totalCents}, TIER_* , QUANTITY_INVALID {min, max}, TIER_NOT_ENOUGH {free}, TIER_ALL_IN_CHECKOUT {nextReleaseAt}, TIER_NOT_YET
 *   {opensAt}, CHECKOUT_ELSEWHERE {checkoutId}, PERSON_LIMIT {max, have}, HOLD_COOLING_DOWN {until},
 *   NETWORK_LIMIT {have, max, until}, ORDER_TOO_LARGE {totalCents, maxCents}, CHECKOUT_MISMATCH, WAITING_ROOM_AHEAD, ADMISSION_ENDED, BUSY …
 */
export async function placeHold(ctx: Ctx, input: PlaceHold, gone?: Gone): Promise<HeldPlaces> {
  const stock = inventory(ctx);
  const { eventId, checkoutId } = input;
  const facts = await stock.factsOf(eventId);
  if (!facts) fail('NOT_FOUND');
  if (facts.visibility === 'private' && !(await ctx.read((_tx, sql) => maySeeEvent(sql, eventId)))) fail('NOT_FOUND');
  const unknown = input.lines.find((line) => !facts.tiers.has(line.tierId));
  if (unknown) fail('TIER_UNKNOWN', { details: { tierId: unknown.tierId } });

  const seen = input.lines.filter(({ seenCents }) => seenCents !== undefined);
  // What takes the place of an earlier checkout cannot be given back later: `reserve_batch` compares its price.
  const isOther = input.currency !== undefined && input.currency !== facts.currency;
  if (!input.replaces && (isOther || seen.some((line) => facts.tiers.get(line.tierId)?.totalCents !== line.seenCents)))
    await refuseOldPrice(ctx, input);

  // Who changes a running checkout is through already; `replaces` takes only an own, living one.
  if (facts.waitingRoom && !input.replaces) requireAdmission(ctx, eventId);

  const { userId } = (await ensurePerson(ctx)).actor;
  watchPressure(ctx, eventId);
  const addressKey = addressKeyOf(ctx, eventId);
  const wish = { checkoutId, userId, lines: input.lines, replaces: input.replaces ?? null, addressKey };
  const answer = await underPressure(ctx, eventId, () => stock.take(eventId, wish, gone), gone);
  const tierId = String(answer.detail.tierId ?? input.lines[0]?.tierId);
  const refusal = refusalOf(
    answer,
    { display: facts.showsFree, quantity: facts.tiers.get(tierId)?.quantity ?? 0 },
    ctx.services.clock.now(),
  );
  if (refusal) fail(refusal.code, refusal);
  await giveBackAtOtherPrice(ctx, input, userId, answer.detail);

  ctx.live.touch('event', eventId);
  ctx.live.touch('staff', eventId);
  ctx.live.touch('order', checkoutId);
  ctx.live.touch('user', userId);
  if (input.replaces) ctx.live.touch('order', input.replaces);
  return { checkoutId, expiresAt: new Date(answer.expiresAt as number) };
}

/** Throws PRICE_CHANGED with what the choice costs now; returns when only the kept facts were old. */
async function refuseOldPrice(ctx: Ctx, { eventId, lines, currency }: PlaceHold): Promise<void> {
  const facts = await inventory(ctx).freshFactsOf(eventId);
  const priced = lines.map((line) => ({ ...line, nowCents: facts?.tiers.get(line.tierId)?.totalCents ?? 0 }));
  const isSame = currency === undefined || currency === facts?.currency;
  if (isSame && priced.every(({ seenCents, nowCents }) => seenCents === undefined || seenCents === nowCents)) return;
  const totalCents = priced.reduce((sum, { quantity, nowCents }) => sum + quantity * nowCents, 0);
  fail('PRICE_CHANGED', { details: { totalCents } });
}

/**
 * The facts above are two seconds old at most: a price that changed within them is noticed by the quote that was frozen with
 * the places. They go back at once, and nobody has seen them.
 */
async function giveBackAtOtherPrice(
  ctx: Ctx,
  { checkoutId, lines, replaces }: PlaceHold,
  userId: string,
  granted: Record<string, unknown>,
): Promise<void> {
  const isReplay = granted.totalCents === undefined && granted.unitCents === undefined;
  if (isReplay || replaces) return;
  const seen = lines.reduce((sum, { quantity, seenCents = Number.NaN }) => sum + quantity * seenCents, 0);
  const total = Number(granted.totalCents ?? Number(granted.unitCents) * (lines[0]?.quantity ?? 0));
  if (Number.isNaN(seen) || seen === total) return;
  await ctx.db.engine.transaction((_tx, sql) => releaseAtOtherPrice(sql, checkoutId, userId));
  fail('PRICE_CHANGED', { details: { totalCents: total } });
}
