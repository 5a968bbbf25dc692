/** Whether one machine can keep an event off sale without paying, and whether honest buyers of one network still buy. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { ApiError, createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressList } from '../../apps/server/src/env.ts';
import { readSnapshots } from '../../apps/server/src/features/events/events.sql.ts';
import { expireHolds } from '../../apps/server/src/features/holds/expire-holds.ts';
import { watchHoarding } from '../../apps/server/src/features/holds/watch-hoarding.ts';
import { readStaffSnapshot } from '../../apps/server/src/features/organizer/organizer.sql.ts';
import { openSales, stageRoom, step } from '../../apps/server/src/features/waiting-room/waiting-room.test-data.ts';
import type { Api } from '../../apps/server/src/router.ts';
import { apiOverHttp } from '../../apps/server/src/testing/api-over-http.ts';

let app: TestApp;
let hostId: string;
beforeAll(async () => {
  // As in production behind one proxy: addresses count, also this machine's.
  app = await createTestApp({ env: { TRUST_PROXY: 1, TRUSTED_ADDRESSES: addressList([]) }, feed: false });
  hostId = (await app.signUp({ name: 'Jun Aoki' })).userId;
});
afterAll(() => app.close());
// An attacker waits for the limits of calls, or has other ways to guests: what must hold is the limit of places.
beforeEach(() => app.services.limits.clear());

interface Stage {
  eventId: string;
  tierIds: string[];
}

async function stage(
  tiers: { quantity: number; priceCents?: number; maxPerOrder?: number }[],
  { admin } = app,
  host = hostId,
): Promise<Stage> {
  const [event] = await admin<{ id: string }[]>`insert into events.events ${admin({
    title: 'Late Frequencies',
    owner_context_id: host,
    created_by: host,
    start_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    status: 'published',
    waiting_room: 'off',
  })} returning id`;
  const eventId = event?.id ?? '';
  const tierIds: string[] = [];
  for (const { quantity, priceCents = 2000, maxPerOrder = 10 } of tiers) {
    const [tier] = await admin<{ id: string }[]>`
      insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, max_per_order)
      values (${eventId}, 'Floor', ${priceCents}, ${quantity}, ${maxPerOrder}) returning id`;
    tierIds.push(tier?.id ?? '');
  }
  return { eventId, tierIds };
}

/** A browser behind an address, as the proxy names it. */
interface Buyer {
  api: Api;
  take(stage: Stage, quantity?: number, tier?: number): Promise<string>;
}

function buyerAt(address: string, browser: Pick<ReturnType<TestApp['visitor']>, 'fetch'> = app.visitor()): Buyer {
  const api = apiOverHttp(app.url, (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-for', address);
    return browser.fetch(String(url), { ...init, headers });
  });
  return {
    api,
    async take({ eventId, tierIds }, quantity = 1, tier = 0) {
      const tierId = tierIds[tier] ?? '';
      const held = await api.holds.place({ eventId, checkoutId: randomUUID(), lines: [{ tierId, quantity }] });
      return held.checkoutId;
    },
  };
}

const order = (buyer: Buyer, checkoutId: string, email = `${randomUUID()}@example.test`) =>
  buyer.api.orders.create({ checkoutId, email, name: 'Mara Lind', showFirstName: false });

/** The buyer's payment reaches us. */
async function pay(buyer: Buyer, checkoutId: string): Promise<void> {
  const view = await order(buyer, checkoutId);
  const [row] = await app.db.engine.sql<{ outcome: string }[]>`
    select ticketing.complete_order_atomic(${view.order?.id ?? ''}, ${`pi_${checkoutId}`}, ${view.totalCents}) ->> 'outcome' as outcome`;
  expect(row?.outcome).toBe('completed');
}

/** What was refused, or null. */
const refused = async (work: Promise<unknown>): Promise<ApiError | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
};

/** Minutes pass for an event's holds and lapses; what lapsed is swept, unless the sweep is yet to come. */
async function pass({ eventId }: Stage, minutes: number, isSwept = true): Promise<void> {
  const span = `${minutes} minutes`;
  await app.admin`
    update ticketing.ticket_holds set created_at = created_at - ${span}::interval, expires_at = expires_at - ${span}::interval,
      ended_at = ended_at - ${span}::interval where event_id = ${eventId}`;
  await app.admin`update ticketing.hold_lapses set created_at = created_at - ${span}::interval where event_id = ${eventId}`;
  if (isSwept) await expireHolds(app.work());
}

async function offSale({ tierIds }: Stage): Promise<number[]> {
  const rows = await app.admin<{ id: string; places: number }[]>`
    select id, reserved_quantity + issued_quantity as places from ticketing.ticket_tiers where id = any(${tierIds}::uuid[])`;
  return tierIds.map((id) => rows.find((row) => row.id === id)?.places ?? 0);
}

describe('one machine with any number of guests', () => {
  it.each([
    ['an IPv4 address', () => '198.51.100.7'],
    ['a /64 with an address for each guest', (guest: number) => `2001:db8:0:7::${guest.toString(16)}`],
    [
      'a home with a network for each guest',
      (guest: number) => `2001:db8:1:7${guest.toString(16).padStart(2, '0')}::9`,
    ],
  ])('keeps at most a twentieth of each tier off sale over ten minutes: %s', async (_title, addressOf) => {
    const quantities = [300, 200, 1000];
    const target = await stage(quantities.map((quantity) => ({ quantity })));
    const kept = quantities.map(() => 0);
    const most = quantities.map(() => 0);
    let guests = 0;
    let held: { buyer: Buyer; checkoutId: string }[] = [];
    for (let minute = 0; minute < 10; minute++) {
      app.services.limits.clear();
      // Half of what it has it gives back, some before a minute is over; fresh guests and those who gave back try to take all.
      const back = held.splice(0, held.length >> 1);
      await Promise.all(back.map(({ buyer, checkoutId }) => buyer.api.holds.release({ checkoutId })));
      const callers = [
        ...back.map(({ buyer }) => buyer),
        ...Array.from({ length: 24 }, () => buyerAt(addressOf(guests++))),
      ];
      const answers = await Promise.all(
        callers.map(async (buyer, index) => {
          const attempt = buyer.take(target, [10, 5, 1][index % 3], (index >> 1) % quantities.length);
          const checkoutId = await attempt.catch((error: unknown) => {
            if (error instanceof ApiError && error.status === 429) return null;
            throw error;
          });
          return checkoutId === null ? null : { buyer, checkoutId };
        }),
      );
      held.push(...answers.filter((answer) => answer !== null));
      // Orders, payments that are begun and never made, and more time count for nothing.
      for (const { buyer, checkoutId } of held.slice(0, 6)) {
        const { order: placed } = await order(buyer, checkoutId);
        await buyer.api.payments.start({ orderId: placed?.id ?? '' });
        await refused(buyer.api.holds.extend({ checkoutId }));
      }
      for (const [tier, places] of (await offSale(target)).entries()) {
        kept[tier] = (kept[tier] as number) + places;
        most[tier] = Math.max(most[tier] as number, places);
      }
      await pass(target, 1);
      const alive = await app.admin<{ checkout_id: string }[]>`
        select distinct checkout_id from ticketing.ticket_holds where event_id = ${target.eventId} and status = 'active'`;
      held = held.filter(({ checkoutId }) => alive.some((row) => row.checkout_id === checkoutId));
    }
    for (const [tier, quantity] of quantities.entries()) {
      expect((kept[tier] as number) / 10 / quantity).toBeLessThanOrEqual(0.05);
      expect((most[tier] as number) / quantity).toBeLessThanOrEqual(0.05);
    }
    expect(Math.max(...kept)).toBeGreaterThan(0);
    // Meanwhile somebody else buys.
    expect(await refused(buyerAt('203.0.113.9').take(target, 10))).toBeNull();
  });

  it('takes one checkout of a small tier, and no second on another while the first is held', async () => {
    const target = await stage([{ quantity: 20 }, { quantity: 20 }]);
    const takes = Array.from({ length: 12 }, (_, guest) =>
      refused(buyerAt('198.51.100.7').take(target, 10, guest % 2)),
    );
    const answers = await Promise.all(takes);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    for (const answer of answers) if (answer) expect(answer.code).toBe('NETWORK_LIMIT');
  });

  it('gains nothing by asking in the moment between a lapse and its sweep', async () => {
    const target = await stage([{ quantity: 200 }, { quantity: 20 }]);
    const takes = () =>
      Promise.all([0, 1].map((tier) => refused(buyerAt('198.51.100.7').take(target, tier === 0 ? 10 : 4, tier))));
    expect(await takes()).toEqual([null, null]);
    await pass(target, 15.01, false);
    for (const answer of await takes()) {
      expect(answer?.code).toBe('NETWORK_LIMIT');
      expect(answer?.data.details).toMatchObject({ minutes: 10 });
    }
    await pass(target, 0);
    await pass(target, 10);
    expect(await takes()).toEqual([null, null]);
  });

  it('gains nothing by giving back and taking again', async () => {
    const target = await stage([{ quantity: 20 }]);
    let granted = 0;
    for (let round = 0; round < 12; round++) {
      const buyer = buyerAt('198.51.100.7');
      const answer = await buyer.take(target, 10).catch((error: ApiError) => error);
      if (answer instanceof ApiError) continue;
      granted++;
      await buyer.api.holds.release({ checkoutId: answer });
    }
    expect(granted).toBe(3);
    await pass(target, 11);
    expect(await refused(buyerAt('198.51.100.7').take(target, 10))).toBeNull();
  });

  it('is told that it waits until others have paid, how long at most, and that an account that is confirmed waits less', async () => {
    const target = await stage([{ quantity: 20 }]);
    await buyerAt('198.51.100.7').take(target, 4);
    await pass(target, 6);
    const answer = await refused(buyerAt('198.51.100.7').take(target, 2));
    expect(answer).toMatchObject({
      code: 'NETWORK_LIMIT',
      status: 429,
      data: { details: { have: 4, max: 4, minutes: 9 } },
    });
    expect(answer?.data.retryAfterSeconds).toBe(20);
    expect(answer?.message).toContain(
      'as soon as others on your network have paid for 4 places, at the latest in 9 min',
    );

    const mara = await app.signUp({ verified: true });
    const small = await stage([{ quantity: 40 }]);
    await buyerAt('198.51.100.7').take(small, 4);
    expect(await refused(buyerAt('198.51.100.7').take(small, 1))).toMatchObject({ code: 'NETWORK_LIMIT' });
    expect(await refused(buyerAt('198.51.100.7', mara).take(small, 2))).toBeNull();
  });

  it('has at most a twentieth of the turns of a waiting room, and the next who comes, and who confirmed her mailbox there, is called before its other guests', async () => {
    const target = await stageRoom(app, { quantity: 40, opensInSeconds: 3600 });
    await step(app, target.eventId);
    const machine = Array.from({ length: 8 }, () => buyerAt('198.51.100.7'));
    for (const { api } of machine) await api.waitingRoom.enter({ eventId: target.eventId });
    await openSales(app, target);
    await step(app, target.eventId);
    const honest = buyerAt('203.0.113.8');
    const neighbour = buyerAt('198.51.100.7', await app.signUp({ verified: true }));
    for (const { api } of [honest, neighbour]) await api.waitingRoom.enter({ eventId: target.eventId });
    await step(app, target.eventId);
    const spotOf = async ({ api }: Buyer) => (await api.waitingRoom.read({ eventId: target.eventId })).spot;
    expect(await spotOf(honest)).toMatchObject({ number: 9, state: 'admitted' });
    expect(await spotOf(neighbour)).toMatchObject({ number: 10, state: 'admitted' });
    const spots = (await Promise.all(machine.map(spotOf))).sort((a, b) => (a?.number ?? 0) - (b?.number ?? 0));
    expect(spots.map((spot) => spot?.passed ?? spot?.state)).toEqual([
      ...Array(4).fill('admitted'),
      ...Array(4).fill('network'),
    ]);
  });
});

describe('one machine and what costs nothing', () => {
  const grab = async (target: Stage, address: string, quantity: number) => {
    const buyer = buyerAt(address);
    return refused(buyer.take(target, quantity).then((checkoutId) => order(buyer, checkoutId)));
  };

  it('gets at most a twentieth of a free tier within ten minutes with made-up mailboxes', async () => {
    const target = await stage([{ quantity: 200, priceCents: 0 }]);
    for (const most of [10, 20]) {
      for (let guest = 0; guest < 12; guest++) await grab(target, '198.51.100.9', [10, 5, 1][guest % 3] as number);
      expect(await offSale(target)).toEqual([most]);
      expect(await refused(buyerAt(`203.0.113.${most}`).take(target, 10))).toBeNull();
      await pass(target, 16); // the other buyer's hold lapses
    }
  });

  it('gets one checkout beyond its share of a small free tier, and nothing more for an hour', async () => {
    const target = await stage([
      { quantity: 40, priceCents: 0 },
      { quantity: 40, priceCents: 0 },
    ]);
    expect(await grab(target, '198.51.100.9', 10)).toBeNull();
    for (let minute = 0; minute < 55; minute += 11) {
      expect(await grab(target, '198.51.100.9', 1)).toMatchObject({ code: 'NETWORK_LIMIT' });
      expect(await refused(buyerAt('198.51.100.9').take(target, 10, 1))).toMatchObject({ code: 'NETWORK_LIMIT' });
      await pass(target, 11);
    }
    await pass(target, 6);
    expect(await grab(target, '198.51.100.9', 4)).toBeNull();
  });
});

describe('the one checkout that goes beyond the share', () => {
  it('lasts five minutes, whatever is begun: half of it over ten', async () => {
    const target = await stage([{ quantity: 100 }]);
    const buyer = buyerAt('198.51.100.12');
    const checkoutId = await buyer.take(target, 10);
    await refused(buyer.api.holds.extend({ checkoutId }));
    const { order: placed } = await order(buyer, checkoutId);
    await buyer.api.payments.start({ orderId: placed?.id ?? '' });
    await pass(target, 5.01);
    expect(await offSale(target)).toEqual([0]);
    expect(await refused(buyerAt('198.51.100.12').take(target, 1))).toMatchObject({ code: 'NETWORK_LIMIT' });
  });

  it('lasts no longer when it takes the place of one within the share', async () => {
    const target = await stage([{ quantity: 100 }]);
    const buyer = buyerAt('198.51.100.13');
    const small = await buyer.take(target, 4);
    const lines = [{ tierId: target.tierIds[0] ?? '', quantity: 10 }];
    await buyer.api.holds.place({ eventId: target.eventId, checkoutId: randomUUID(), lines, replaces: small });
    await pass(target, 5.01);
    expect(await offSale(target)).toEqual([0]);
  });

  it('lasts fifteen for an account that is confirmed and within twice the share', async () => {
    const target = await stage([{ quantity: 100 }]);
    await buyerAt('198.51.100.14', await app.signUp({ verified: true })).take(target, 10);
    await pass(target, 14.5);
    expect(await offSale(target)).toEqual([10]);
  });
});

describe('places that another checkout takes the place of', () => {
  it('count for ten minutes when a guest becomes the account that held them', async () => {
    const target = await stage([{ quantity: 200 }, { quantity: 200 }]);
    const account = await app.signUp();
    await buyerAt('198.51.100.11', account).take(target, 10);
    await pass(target, 14.5);
    const browser = app.visitor();
    const guest = buyerAt('198.51.100.11', browser);
    await guest.take(target, 1, 1);
    const signedIn = await browser.post('/auth/sign-in/email', { email: account.email, password: 'a-good-password' });
    expect(signedIn.status).toBe(200);
    expect(await offSale(target)).toEqual([0, 1]);
    expect(await refused(buyerAt('198.51.100.11').take(target, 1))).toMatchObject({ code: 'NETWORK_LIMIT' });
  });

  it('count for ten minutes when a checkout of another tier or of fewer places comes after more than one', async () => {
    const target = await stage([{ quantity: 200 }, { quantity: 200 }]);
    const buyer = buyerAt('198.51.100.15');
    const first = await buyer.take(target, 10);
    await pass(target, 14);
    const lines = [{ tierId: target.tierIds[1] ?? '', quantity: 2 }];
    const second = randomUUID();
    await buyer.api.holds.place({ eventId: target.eventId, checkoutId: second, lines, replaces: first });
    expect(await refused(buyerAt('198.51.100.15').take(target, 1))).toMatchObject({ code: 'NETWORK_LIMIT' });
    // The buyer herself may still take fewer, and is not sent to wait for having changed her mind.
    const third = randomUUID();
    const fewer = [{ tierId: target.tierIds[1] ?? '', quantity: 1 }];
    await buyer.api.holds.place({ eventId: target.eventId, checkoutId: third, lines: fewer, replaces: second });
    await buyer.api.holds.place({ eventId: target.eventId, checkoutId: randomUUID(), lines: fewer, replaces: third });
    expect(await offSale(target)).toEqual([0, 1]);
  });
});

describe('a client that is gone before its address is read', () => {
  let bare: TestApp;
  beforeAll(async () => {
    bare = await createTestApp({ env: { TRUST_PROXY: 0, TRUSTED_ADDRESSES: addressList([]) }, feed: false });
    // What the system answers once a connection was reset; the request that came before is served all the same.
    bare.app.server.on('connection', (socket) => {
      const { _handle: handle } = socket as unknown as { _handle: { getpeername(): number } };
      handle.getpeername = () => -os.constants.errno.ENOTCONN;
    });
  });
  afterAll(() => bare?.close());

  it('is counted where it came from', async () => {
    const target = await stage([{ quantity: 200 }], bare, (await bare.signUp()).userId);
    for (let each = 0; each < 6; each++) {
      const lines = [{ tierId: target.tierIds[0] ?? '', quantity: 5 }];
      await refused(bare.visitor().api.holds.place({ eventId: target.eventId, checkoutId: randomUUID(), lines }));
    }
    const [row] = await bare.admin<{ places: number }[]>`
      select reserved_quantity as places from ticketing.ticket_tiers where id = ${target.tierIds[0] ?? ''}`;
    expect(row?.places).toBe(10);
  });
});

describe('a give-back', () => {
  it('after more than a minute counts like a lapse: the third checkout waits', async () => {
    const target = await stage([{ quantity: 300 }]);
    const buyer = buyerAt('203.0.113.20');
    for (let round = 0; round < 2; round++) {
      const checkoutId = await buyer.take(target);
      await pass(target, 2);
      await buyer.api.holds.release({ checkoutId });
    }
    const answer = await refused(buyer.take(target));
    expect(answer).toMatchObject({ code: 'HOLD_COOLING_DOWN', data: { details: { minutes: 2 } } });
    expect(answer?.message).toContain('2 min');
  });

  it('within a minute is a change of mind, twice', async () => {
    const target = await stage([{ quantity: 300 }]);
    const buyer = buyerAt('203.0.113.21');
    for (let round = 0; round < 2; round++) await buyer.api.holds.release({ checkoutId: await buyer.take(target) });
    expect(await refused(buyer.take(target))).toBeNull();
  });
});

describe('seventy buyers behind one Wi-Fi', () => {
  it('all buy: who has to wait is through as soon as others have paid', async () => {
    const target = await stage([{ quantity: 300 }]);
    let waiting = Array.from({ length: 70 }, () => buyerAt('198.51.100.70'));
    let rounds = 0;
    for (; waiting.length > 0 && rounds < 10; rounds++) {
      app.services.limits.clear();
      const later: Buyer[] = [];
      const through: { buyer: Buyer; checkoutId: string }[] = [];
      await Promise.all(
        waiting.map(async (buyer) => {
          const answer = await buyer.take(target).catch((error: ApiError) => error);
          if (!(answer instanceof ApiError)) through.push({ buyer, checkoutId: answer });
          else if (answer.code === 'NETWORK_LIMIT') later.push(buyer);
          else throw answer;
        }),
      );
      for (const { buyer, checkoutId } of through) await pay(buyer, checkoutId);
      waiting = later;
    }
    expect(waiting).toHaveLength(0);
    expect(rounds).toBeLessThanOrEqual(3);
    expect(await offSale(target)).toEqual([70]);
  });

  it('are not told to wait at all when they pay as they come', async () => {
    const target = await stage([{ quantity: 100 }]);
    for (let each = 0; each < 70; each++) {
      if (each % 30 === 0) app.services.limits.clear();
      const buyer = buyerAt('198.51.100.70');
      await pay(buyer, await buyer.take(target));
    }
    expect(await offSale(target)).toEqual([70]);
  });

  it('have no more of a dear tier for what they paid in a cheap one', async () => {
    const target = await stage([
      { quantity: 300, priceCents: 100 },
      { quantity: 200, priceCents: 9000 },
    ]);
    const first = buyerAt('198.51.100.71');
    await pay(first, await first.take(target, 10, 0));
    expect(await refused(buyerAt('198.51.100.71').take(target, 10, 1))).toBeNull();
    const answer = await refused(buyerAt('198.51.100.71').take(target, 1, 1));
    expect(answer).toMatchObject({ code: 'NETWORK_LIMIT', data: { details: { have: 10, max: 10 } } });
  });

  it('are not shut out by confirmed accounts among them, who hold all that is theirs', async () => {
    const target = await stage([{ quantity: 200 }]);
    const at = '198.51.100.74';
    for (let each = 0; each < 2; each++) await buyerAt(at, await app.signUp({ verified: true })).take(target, 10);
    const late = buyerAt(at, await app.signUp({ verified: true }));
    expect(await refused(late.take(target))).toMatchObject({ data: { details: { have: 20, max: 20 } } });
    await buyerAt(at).take(target, 10);
    expect(await refused(buyerAt(at).take(target))).toMatchObject({ data: { details: { have: 10, max: 10 } } });
  });

  it('have no more for what was paid back', async () => {
    const target = await stage([{ quantity: 200 }]);
    const first = buyerAt('198.51.100.73');
    const checkoutId = await first.take(target, 10);
    await pay(first, checkoutId);
    await app.db.engine.sql`
      select ticketing.request_refund(id, 'requested', user_id) from ticketing.orders where checkout_id = ${checkoutId}`;
    await app.db.engine.sql`
      select ticketing.settle_refund(r.id, true, ${`re_${checkoutId}`}) from ticketing.refunds r
        join ticketing.orders o on o.id = r.order_id where o.checkout_id = ${checkoutId}`;
    expect(await offSale(target)).toEqual([0]);
    await buyerAt('198.51.100.73').take(target, 10);
    expect(await refused(buyerAt('198.51.100.73').take(target, 1))).toMatchObject({
      code: 'NETWORK_LIMIT',
      data: { details: { have: 10, max: 10 } },
    });
  });

  it('get free tickets in turn too once they confirm their mailbox, by account or by the link of a mail', async () => {
    const target = await stage([{ quantity: 100, priceCents: 0 }]);
    for (let each = 0; each < 70; each++) {
      if (each % 5 === 0) app.services.limits.clear();
      if (each % 7 > 0) {
        const account = await app.signUp({ verified: true });
        const buyer = buyerAt('198.51.100.70', account);
        await order(buyer, await buyer.take(target), account.email);
        continue;
      }
      const browser = app.visitor();
      const buyer = buyerAt('198.51.100.70', browser);
      const email = `${randomUUID()}@example.test`;
      await order(buyer, await buyer.take(target), email);
      await browser.post('/auth/sign-in/magic-link', { email });
      const token = /token=([\w-]+)/.exec((await app.mailTo(email)).text)?.[1] ?? '';
      await buyer.api.accounts.openSignInLink({ token, bring: true });
    }
    expect(await offSale(target)).toEqual([70]);
  });

  it('are not kept from free tickets by a stranger there who takes what he gets with made-up mailboxes', async () => {
    const target = await stage([{ quantity: 100, priceCents: 0 }]);
    for (let each = 0; each < 8; each++) {
      const stranger = buyerAt('198.51.100.72');
      await refused(stranger.take(target).then((checkoutId) => order(stranger, checkoutId)));
    }
    expect(await offSale(target)).toEqual([5]);
    expect(await refused(buyerAt('198.51.100.72').take(target))).toMatchObject({ code: 'NETWORK_LIMIT' });
    const account = await app.signUp({ verified: true });
    const buyer = buyerAt('198.51.100.72', account);
    await order(buyer, await buyer.take(target, 6), account.email);
    expect(await offSale(target)).toEqual([11]);
  });
});

describe('a tier a fifth of which sits in checkouts of guests who have not paid, whether they began to or not', () => {
  const lengthOf = async (checkoutId: string) => {
    const [row] = await app.admin<{ minutes: number }[]>`
      select round(extract(epoch from min(expires_at - created_at)) / 60)::int as minutes from ticketing.ticket_holds where checkout_id = ${checkoutId}`;
    return row?.minutes;
  };

  it('gives new guests five minutes until that is over, accounts fifteen, and tells the organizer', async () => {
    const target = await stage([{ quantity: 100 }]);
    const held: { buyer: Buyer; checkoutId: string }[] = [];
    for (let each = 0; each < 20; each++) {
      const buyer = buyerAt(`203.0.113.${100 + each}`);
      held.push({ buyer, checkoutId: await buyer.take(target) });
    }
    for (const { buyer, checkoutId } of held.slice(8)) {
      const { order: placed } = await order(buyer, checkoutId);
      await buyer.api.payments.start({ orderId: placed?.id ?? '' });
    }
    await watchHoarding(app.work());
    const guest = buyerAt('203.0.113.200');
    const brief = await guest.take(target);
    expect(await lengthOf(brief)).toBe(5);
    const { order: placed } = await order(guest, brief);
    await guest.api.payments.start({ orderId: placed?.id ?? '' });
    expect(await lengthOf(brief)).toBe(10);
    const mara = await app.signUp({ verified: true });
    expect(await lengthOf(await buyerAt('203.0.113.201', mara).take(target))).toBe(15);

    const told = async () => {
      const [page] = [...(await readSnapshots(app.db.engine.sql, [target.eventId])).values()];
      const staff = await readStaffSnapshot(app.db.engine.sql, target.eventId);
      return [page?.data.tiers[0]?.guestMinutes, staff?.data.tiers[0]?.hoarded];
    };
    expect(await told()).toEqual([5, true]);

    for (const { buyer, checkoutId } of held.slice(0, 12)) await buyer.api.holds.release({ checkoutId });
    await watchHoarding(app.work());
    expect(await told()).toEqual([undefined, false]);
    expect(await lengthOf(await buyerAt('203.0.113.202').take(target))).toBe(15);
  });
});
