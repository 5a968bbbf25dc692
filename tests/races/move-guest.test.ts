import { randomUUID } from 'node:crypto';
import { checkInvariants } from '@liventix/db/invariants';
import { createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveEverything } from '../../apps/server/src/features/accounts/accounts.sql.ts';
import { openBoxOffice } from './box-office.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
});
afterAll(() => app?.close());

async function stage(): Promise<{ eventId: string; tierId: string }> {
  const [owner] = await app.admin<{ id: string }[]>`
    insert into auth.users (name, email) values ('Theo', ${`${randomUUID()}@example.test`}) returning id`;
  const [event] = await app.admin<{ id: string }[]>`
    insert into events.events (title, start_at, status, owner_context_id, created_by)
    values ('Subfloor', clock_timestamp() + interval '3 days', 'published', ${owner?.id as string}, ${owner?.id as string}) returning id`;
  const [tier] = await app.admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${event?.id as string}, 'Floor', 1500, 50) returning id`;
  return { eventId: event?.id as string, tierId: tier?.id as string };
}

type Place = { eventId: string; tierId: string };
async function take(visitor: Visitor, { eventId, tierId }: Place, quantity: number): Promise<string> {
  const checkoutId = randomUUID();
  await visitor.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity }] });
  return checkoutId;
}
const holdsAt = (tierId: string) => app.admin`
  select checkout_id, user_id, status, end_reason from ticketing.ticket_holds where tier_id = ${tierId} order by created_at`;
const reservedAt = async (tierId: string) =>
  (await app.admin`select reserved_quantity as n from ticketing.ticket_tiers where id = ${tierId}`)[0]?.n;
const broken = async () => (await checkInvariants(app.db.engine.sql)).filter((result) => result.violations > 0);

describe('a guest who signs in while her account has places of the same event', () => {
  it('keeps the checkout she is in; the one left open elsewhere goes back', async () => {
    const place = await stage();
    const other = await stage();
    const account = await app.signUp();
    const older = await take(account, place, 3);
    const apart = await take(account, other, 1);
    const guest = await app.guest();
    const current = await take(guest, place, 2);
    const signedIn = await guest.post('/auth/sign-in/email', { email: account.email, password: 'a-good-password' });
    expect(signedIn.status).toBe(200);
    expect(await holdsAt(place.tierId)).toEqual([
      { checkout_id: older, user_id: account.userId, status: 'released', end_reason: 'replaced' },
      { checkout_id: current, user_id: account.userId, status: 'active', end_reason: null },
    ]);
    expect(await reservedAt(place.tierId)).toBe(2);
    expect(await holdsAt(other.tierId)).toMatchObject([{ checkout_id: apart, status: 'active' }]);
    expect(await broken()).toEqual([]);
  });

  it('has one running checkout also when the account takes places in the same moment', async () => {
    const place = await stage();
    const account = await app.signUp();
    const guest = await app.guest();
    const { userId } = (await guest.actor()) as { userId: string };
    await take(guest, place, 2);
    const newer = await take(account, place, 3); // after the look for older ones, before the move
    await app.db.engine.transaction((_tx, sql) => moveEverything(sql, userId, account.userId));
    expect((await holdsAt(place.tierId)).filter((hold) => hold.status === 'active')).toMatchObject([
      { checkout_id: newer, user_id: account.userId },
    ]);
    expect(await reservedAt(place.tierId)).toBe(3);
    expect(await broken()).toEqual([]);
  });
});

describe('moves that meet', () => {
  it('leave what became hers meanwhile to the next round, instead of locking an order after a tier', async () => {
    const office = await openBoxOffice();
    try {
      const [guest, earlier, account] = (await office.people(3)) as [string, string, string];
      const { tierIds } = await office.stage([{ quantity: 50 }, { quantity: 50 }]);
      const [near, far] = tierIds as [string, string];
      const checkout = (userId: string, tierId: string) => {
        return { checkoutId: randomUUID(), userId, lines: [{ tierId, quantity: 1 }] };
      };
      const ordered = checkout(earlier, far);
      const given = checkout(guest, near);
      await office.reserve([given, ordered, checkout(account, near)]);
      await office.sql`select ticketing.release_checkout(${given.checkoutId}, ${guest})`;
      const { orderId } = await office.order(ordered.checkoutId, earlier);
      const waiting = async (): Promise<number> => {
        const [row] = await office.test.admin`
          select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'races'`;
        return row?.n;
      };

      let ended = false;
      let move: Promise<{ isWhole: boolean }> | undefined;
      await office.sql.begin(async (payer) => {
        await office.sql.begin(async (keeper) => {
          await keeper`select from ticketing.ticket_tiers where id = ${near} for no key update`;
          move = office.sql.begin((sql) => moveEverything(sql, guest, account));
          move.then(
            () => (ended = true),
            () => (ended = true),
          );
          while ((await waiting()) === 0);
          // The guest had locked her orders; now she gets one more, with its places.
          await office.sql.begin((sql) => moveEverything(sql, earlier, guest));
          await payer`select from ticketing.orders where id = ${orderId} for update`;
        });
        while (!ended && (await waiting()) === 0);
        // Order first, then its holds: the way of everybody who pays.
        await payer`select from ticketing.ticket_holds where checkout_id = ${ordered.checkoutId} for update`;
      });
      expect(await move).toMatchObject({ isWhole: false, orders: [] });
      expect(await office.sql.begin((sql) => moveEverything(sql, guest, account))).toMatchObject({
        isWhole: true,
        checkouts: expect.arrayContaining([ordered.checkoutId]),
      });
      await office.expectSound();
    } finally {
      await office.close();
    }
  });
});
