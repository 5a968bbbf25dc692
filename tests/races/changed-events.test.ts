import { randomUUID } from 'node:crypto';
import type { HoldLine } from '@liventix/contracts/holds';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReadyEvent, makeTeam, type Team } from '../../apps/server/src/features/organizer/organizer.test-data.ts';

type Guest = Awaited<ReturnType<TestApp['guest']>>;

let app: TestApp;
let team: Team;
beforeAll(async () => {
  app = await createTestApp({ feed: false });
  team = await makeTeam(app);
});
afterAll(() => app?.close());

async function onSale(): Promise<{ eventId: string; tierId: string }> {
  const { eventId, tierIds } = await makeReadyEvent(team.owner, { orgId: team.orgId });
  await team.owner.api.organizer.publish({ eventId });
  return { eventId, tierId: tierIds[0] ?? '' };
}

/** How many statements wait for a lock. */
const waiting = async () =>
  (await app.admin`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    .length;

const answer = (asked: Promise<unknown>) =>
  asked.then(
    () => 'ok',
    (error: { code?: string }) => error.code,
  );

describe('an event that is changed while places are taken', () => {
  it.each([
    ['keeps its currency', (eventId: string) => team.owner.api.organizer.updateEvent({ eventId, currency: 'JPY' })],
    ['stays published', (eventId: string) => team.owner.api.organizer.unpublish({ eventId })],
  ])('%s', async (_title, change) => {
    const { eventId, tierId } = await onSale();
    const buyer = await app.guest();
    const userId = (await buyer.actor())?.userId ?? '';
    let changed: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      await sql`select * from ticketing.reserve_batch(array[${randomUUID()}]::uuid[], array[${tierId}]::uuid[], array[${userId}]::uuid[], array[2])`;
      changed = answer(change(eventId));
      await expect.poll(waiting).toBe(1);
    });
    expect(await changed).toBe('EVENT_HAS_ORDERS');
  });

  it('keeps its currency also when the order is on its way and its places lapse meanwhile', async () => {
    const { eventId, tierId } = await onSale();
    const buyer = await app.guest();
    const userId = (await buyer.actor())?.userId ?? '';
    const checkoutId = randomUUID();
    await buyer.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 2 }] });
    let changed: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      const [row] =
        await sql`select ticketing.create_order(${checkoutId}, ${userId}, 'mara@example.org', 'Mara Lind') ->> 'outcome' as outcome`;
      expect(row?.outcome).toBe('created');
      await app.admin`update ticketing.ticket_holds set expires_at = clock_timestamp() - interval '1 second' where checkout_id = ${checkoutId}`;
      changed = answer(team.owner.api.organizer.updateEvent({ eventId, currency: 'JPY' }));
      await expect.poll(waiting).toBe(1);
    });
    expect(await changed).toBe('EVENT_HAS_ORDERS');
  });

  it('has no price that its new currency cannot charge, from a ticket type that was made meanwhile', async () => {
    const tiers = [{ name: 'Floor', priceCents: 50_000, quantity: 20 }];
    const { eventId } = await makeReadyEvent(team.owner, { orgId: team.orgId, tiers });
    let changed: Promise<unknown> = Promise.resolve();
    let made: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      await sql`select from events.events where id = ${eventId} for no key update`;
      changed = answer(team.owner.api.organizer.updateEvent({ eventId, currency: 'HUF' }));
      await expect.poll(waiting).toBe(1);
      made = answer(team.owner.api.organizer.tiers.create({ eventId, name: 'Late', priceCents: 60, quantity: 5 }));
      await expect.poll(waiting).toBe(2);
    });
    expect(await Promise.all([changed, made])).toEqual(['ok', 'TIER_PRICE_INVALID']);
  });

  it('can be paused by one while another changes a ticket type', async () => {
    const { eventId, tierId } = await onSale();
    let paused: Promise<unknown> = Promise.resolve();
    let renamed: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      await sql`select from ticketing.ticket_tiers where id = ${tierId} for no key update`;
      paused = answer(team.owner.api.organizer.pause({ eventId }));
      await expect.poll(waiting).toBe(1);
      renamed = answer(team.owner.api.organizer.tiers.update({ tierId, name: 'Standing' }));
      await expect.poll(waiting).toBe(2);
    });
    expect(await Promise.all([paused, renamed])).toEqual(['ok', 'ok']);
  });
});

describe('a quote that is held', () => {
  it.each([true, false])(
    'keeps whether its tax is included (%s), in the checkout and in the order',
    async (taxIncluded) => {
      const { eventId, tierIds } = await makeReadyEvent(team.owner, { orgId: team.orgId });
      const tierId = tierIds[0] ?? '';
      await team.owner.api.organizer.updateEvent({ eventId, taxIncluded });
      await team.owner.api.organizer.tiers.update({ tierId, taxRateBps: 1900 });
      await team.owner.api.organizer.publish({ eventId });
      const buyer = await app.guest();
      const checkoutId = randomUUID();
      await buyer.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 2 }] });
      const held = await buyer.api.orders.checkout({ checkoutId });
      expect(held.taxIncluded).toBe(taxIncluded);
      await team.owner.api.organizer.updateEvent({ eventId, taxIncluded: !taxIncluded });
      const { taxCents, totalCents } = held;
      expect(await buyer.api.orders.checkout({ checkoutId })).toMatchObject({ taxIncluded, taxCents, totalCents });
      const order = await buyer.api.orders.create({
        checkoutId,
        email: 'mara@example.org',
        name: 'Mara Lind',
        showFirstName: false,
      });
      expect(order).toMatchObject({ taxIncluded, taxCents, totalCents });
    },
  );
});

describe('a checkout that is changed after the price has risen', () => {
  const raise = (tierId: string) =>
    app.admin`update ticketing.ticket_tiers set price_cents = price_cents + 7700 where id = ${tierId}`;
  const change = (buyer: Guest, eventId: string, line: HoldLine, replaces: string, checkoutId = randomUUID()) =>
    buyer.api.holds.place({ eventId, checkoutId, lines: [line], replaces });

  it('is told the new price when more is wanted, and keeps its places; fewer keep their price', async () => {
    const { eventId, tierId } = await onSale();
    const buyer = await app.guest();
    const [checkoutId, fewer] = [randomUUID(), randomUUID()];
    await buyer.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 2 }] });
    const before = await buyer.api.orders.checkout({ checkoutId });
    const seenCents = before.totalCents / 2;
    await raise(tierId);
    expect(await answer(change(buyer, eventId, { tierId, quantity: 3, seenCents }, checkoutId))).toBe('PRICE_CHANGED');
    expect(await buyer.api.orders.checkout({ checkoutId })).toMatchObject({
      totalCents: before.totalCents,
      state: 'holding',
    });
    await change(buyer, eventId, { tierId, quantity: 1, seenCents }, checkoutId, fewer);
    expect(await buyer.api.orders.checkout({ checkoutId: fewer })).toMatchObject({
      totalCents: seenCents,
      taxCents: before.taxCents / 2,
      feesCents: before.feesCents / 2,
    });
  });

  it('is told so also when the price is on its way while the places are changed', async () => {
    const { eventId, tierId } = await onSale();
    const buyer = await app.guest();
    const checkoutId = randomUUID();
    await buyer.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 1 }] });
    const { totalCents: seenCents } = await buyer.api.orders.checkout({ checkoutId });
    let changed: Promise<unknown> = Promise.resolve();
    await app.admin.begin(async (sql) => {
      await sql`update ticketing.ticket_tiers set price_cents = price_cents + 7700 where id = ${tierId}`;
      changed = answer(change(buyer, eventId, { tierId, quantity: 2, seenCents }, checkoutId));
      await expect.poll(waiting).toBe(1);
    });
    expect(await changed).toBe('PRICE_CHANGED');
    expect(await buyer.api.orders.checkout({ checkoutId })).toMatchObject({ totalCents: seenCents, state: 'holding' });
  });
});
