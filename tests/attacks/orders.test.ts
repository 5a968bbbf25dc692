/** Orders that a stranger places in somebody's name, and orders too large for any payment. */
import { randomUUID } from 'node:crypto';
import { MAXIMUM_CHARGE_CENTS } from '@liventix/contracts/money';
import { ApiError, createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimMailbox, moveGuest } from '../../apps/server/src/features/accounts/move-guest.ts';

let app: TestApp;
let hostId: string;
beforeAll(async () => {
  app = await createTestApp({ feed: false });
  hostId = (await app.signUp({ name: 'Jun Aoki' })).userId;
});
afterAll(() => app.close());

interface Stage {
  eventId: string;
  tierIds: string[];
}

async function stage(prices: number[], event: Record<string, unknown> = {}): Promise<Stage> {
  const { admin } = app;
  const [made] = await admin<{ id: string }[]>`insert into events.events ${admin({
    title: 'Late Frequencies',
    owner_context_id: hostId,
    created_by: hostId,
    start_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    status: 'published',
    ...event,
  })} returning id`;
  const eventId = made?.id ?? '';
  const tiers = await admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, max_per_order, position)
    select ${eventId}, 'Floor', p, 500, 50, n from unnest(${prices}::int[]) with ordinality u(p, n) returning id`;
  return { eventId, tierIds: tiers.map(({ id }) => id) };
}

const take = async (buyer: Visitor, { eventId, tierIds }: Stage, ...quantities: number[]) => {
  const lines = quantities.flatMap((quantity, tier) => (quantity ? [{ tierId: tierIds[tier] ?? '', quantity }] : []));
  return (await buyer.api.holds.place({ eventId, checkoutId: randomUUID(), lines })).checkoutId;
};
const order = (buyer: Visitor, checkoutId: string, email: string) =>
  buyer.api.orders.create({ checkoutId, email, name: 'Mara Lind', showFirstName: false });
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'granted',
    (error: unknown) => {
      if (error instanceof ApiError) return error.code;
      throw error;
    },
  );

describe('an order in the name of somebody who has confirmed the mailbox', () => {
  it('does not use up her places, held or bought for nothing', async () => {
    const night = await stage([0, 2000]);
    const vic = await app.signUp({ verified: true });
    const stranger = app.visitor();
    await order(stranger, await take(stranger, night, 10), vic.email);
    const other = app.visitor();
    const held = await take(other, night, 0, 10);
    // Strangers count against each other: ten places of one mailbox that nobody confirmed are ten.
    expect(await code(order(other, held, vic.email))).toBe('PERSON_LIMIT');

    const hers = await take(vic, night, 0, 10);
    expect(await code(order(vic, hers, vic.email))).toBe('granted');
  });

  it('does not count against her when it became hers by the mailbox; what she bought herself does', async () => {
    const night = await stage([0, 2000]);
    const stranger = app.visitor();
    const vic = await app.signUp();
    await order(stranger, await take(stranger, night, 10), vic.email);
    await app.admin`update auth.users set email_verified = true where id = ${vic.userId}`;
    const move = { db: app.db, log: app.services.log, live: () => app.services.live };
    await claimMailbox(move, vic.userId, vic.email);
    expect(await vic.api.tickets.mine()).not.toEqual([]);

    const first = await order(vic, await take(vic, night, 4), vic.email);
    expect(first.state).toBe('paid');
    expect(await code(take(vic, night, 0, 7))).toBe('PERSON_LIMIT');
    expect(await code(order(vic, await take(vic, night, 0, 6), vic.email))).toBe('granted');
  });

  it('says nothing of what its owner has, to anybody who tries it from elsewhere', async () => {
    const night = await stage([2000]);
    const vic = await app.signUp({ verified: true });
    const guest = app.visitor();
    const mailbox = `${randomUUID()}@example.test`;
    const orders = [
      await order(vic, await take(vic, night, 3), vic.email),
      await order(guest, await take(guest, night, 3), mailbox),
    ];
    await app.admin`
      update ticketing.ticket_holds set address_key = 1 where checkout_id = any(${orders.map((one) => one.checkoutId)}::uuid[])`;
    for (const email of [vic.email, mailbox]) {
      const stranger = app.visitor();
      expect(await code(order(stranger, await take(stranger, night, 10), email))).toBe('granted');
    }
  });

  it('counts as hers when it was this very browser that ordered', async () => {
    const night = await stage([0]);
    const guest = app.visitor();
    await order(guest, await take(guest, night, 10), `${randomUUID()}@example.test`);
    const guestId = (await guest.actor())?.userId ?? '';
    const [row] = await app.admin<
      { mailbox: string }[]
    >`select mailbox from ticketing.orders where user_id = ${guestId}`;
    const mara = await app.signUp({ verified: true });
    const move = { db: app.db, log: app.services.log, live: () => app.services.live };
    await claimMailbox(move, mara.userId, row?.mailbox ?? '');
    await moveGuest(move, guestId, mara.userId);
    expect(await code(take(mara, night, 1))).toBe('PERSON_LIMIT');
  });
});

describe('a stranger who orders with the mailbox of somebody else', () => {
  it('keeps what is not paid: proving the mailbox brings nobody a checkout to give back', async () => {
    const night = await stage([0, 2000]);
    const vic = await app.signUp();
    const stranger = app.visitor();
    const held = await take(stranger, night, 0, 4);
    await order(stranger, held, vic.email);
    const hers = await take(vic, night, 0, 2);
    await app.admin`update auth.users set email_verified = true where id = ${vic.userId}`;
    const move = { db: app.db, log: app.services.log, live: () => app.services.live };
    await claimMailbox(move, vic.userId, vic.email);
    expect((await stranger.api.orders.checkout({ checkoutId: held })).state).toBe('holding');
    expect(await code(vic.api.orders.checkout({ checkoutId: held }))).toBe('CHECKOUT_UNKNOWN');
    expect((await vic.api.orders.checkout({ checkoutId: hers })).state).toBe('holding');
    expect(await code(order(vic, hers, vic.email))).toBe('granted');
  });

  it('hears nothing more of an order once its mailbox is proven, in a window that stays open', async () => {
    const night = await stage([0]);
    const vic = await app.signUp();
    const stranger = await app.guest();
    const checkoutId = await take(stranger, night, 1);
    await order(stranger, checkoutId, vic.email);
    const window = await stranger.socket();
    expect(await window.join('order', checkoutId)).toMatchObject({ ok: true });
    await app.admin`update auth.users set email_verified = true where id = ${vic.userId}`;
    const move = { db: app.db, log: app.services.log, live: () => app.services.live };
    await claimMailbox(move, vic.userId, vic.email);
    expect(await window.until('room:closed', (room) => room.id === checkoutId, 5000)).toMatchObject({
      reason: 'not_found',
    });
    window.close();
  });
});

describe('an order that no payment can be large enough for', () => {
  it('is refused where places are taken, in words, and nothing is held', async () => {
    const prices = [MAXIMUM_CHARGE_CENTS, 60_000_000];
    const night = await stage(prices, { max_per_person: 50 });
    for (const quantities of [[2], [50], [0, 2], [1, 1]]) {
      const totalCents = quantities.reduce((sum, quantity, tier) => sum + quantity * (prices[tier] ?? 0), 0);
      await expect(take(app.visitor(), night, ...quantities)).rejects.toMatchObject({
        code: 'ORDER_TOO_LARGE',
        status: 409,
        data: { details: { totalCents, maxCents: MAXIMUM_CHARGE_CENTS } },
      });
    }
    const [held] = await app.admin`select from ticketing.ticket_holds where event_id = ${night.eventId}`;
    expect(held).toBeUndefined();
    const mara = app.visitor();
    expect((await order(mara, await take(mara, night, 1), 'mara@example.test')).totalCents).toBe(MAXIMUM_CHARGE_CENTS);
  });

  it('is refused at the order too, when its places were held before there was a limit', async () => {
    const night = await stage([100_000]);
    const mara = app.visitor();
    const checkoutId = await take(mara, night, 10);
    await app.admin`
      update ticketing.ticket_holds set unit_face_cents = 999999999, unit_total_cents = 999999999 where checkout_id = ${checkoutId}`;
    expect(await code(order(mara, checkoutId, 'mara@example.test'))).toBe('ORDER_TOO_LARGE');
  });
});
