import { createHash, randomUUID } from 'node:crypto';
import type { Snapshot } from '@liventix/contracts/live';
import { positionOf } from '@liventix/contracts/waiting-room';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkCtx } from '../../platform/context.ts';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { underPressure } from '../inventory/pressure.ts';
import { admissionCookieName } from './admission.rules.ts';
import { enterSpots, leaveSpot, reportPressure } from './waiting-room.sql.ts';
import { crowd, openSales, type Stage, stageRoom, step, take } from './waiting-room.test-data.ts';
import { watchPressure } from './watch-pressure.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

const enter = (by: Visitor, { eventId }: Stage) => by.api.waitingRoom.enter({ eventId });
/** The admission a browser has for an event, as a cookie; undefined for none. */
const admissionOf = (by: Visitor, { eventId }: Stage) =>
  by.jar.header.split('; ').find((cookie) => cookie.startsWith(`${admissionCookieName(eventId)}=`));
/** The answer to a browser that asks for a place with somebody else's admission. */
const takeBy = async (by: Visitor, { eventId, tierId }: Stage, cookie: string) => {
  const answer = await by.fetch('/trpc/holds.place', {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ json: { eventId, checkoutId: randomUUID(), lines: [{ tierId, quantity: 1 }] } }),
  });
  expect(await answer.text()).toContain('WAITING_ROOM_AHEAD');
  return answer.status;
};
const read = (by: Visitor, { eventId }: Stage) => by.api.waitingRoom.read({ eventId });
const living = async (eventId: string) => {
  const [room] = await app.admin<
    { id: string; state: string; served: number; last_number: number; seed: string; commitment: string }[]
  >`select id, state, served, last_number, encode(seed, 'hex') as seed, commitment from ticketing.waiting_rooms where event_id = ${eventId} order by created_at desc limit 1`;
  return room;
};

describe('before sales open', () => {
  it('people gather, the commitment is public and the seed is not', async () => {
    const stage = await stageRoom(app, { opensInSeconds: 3600 });
    await step(app, stage.eventId);
    const mara = app.visitor();
    const view = await enter(mara, stage);
    expect(view).toMatchObject({
      room: { state: 'gathering', waiting: 1, drawn: 0, sale: { state: 'not_yet', opensAt: expect.any(Number) } },
      spot: { state: 'waiting', number: null },
    });
    const room = await living(stage.eventId);
    expect(view.room.commitment).toBe(room?.commitment);
    expect(view.room.seed).toBeUndefined();
    expect(JSON.stringify(view)).not.toContain(room?.seed);
    expect((await mara.fetch(`/waiting-rooms/${view.room.roomId}/draw.txt`)).status).toBe(404);
    await step(app, stage.eventId);
    expect((await read(mara, stage)).spot).toMatchObject({ id: view.spot?.id, number: null });
  });

  it('all who are there are drawn once, by the committed seed, as anybody can check from what is published', async () => {
    const stage = await stageRoom(app, { opensInSeconds: 3600, quantity: 2 });
    await step(app, stage.eventId);
    const people = await crowd(app, 500);
    await enterSpots(app.db.engine.sql, stage.eventId, people);
    const { commitment } = (await read(app.visitor(), stage)).room;
    await openSales(app, stage);
    await step(app, stage.eventId);
    const room = await living(stage.eventId);

    const text = await (await app.visitor().fetch(`/waiting-rooms/${room?.id}/draw.txt`)).text();
    const [committed, seed, , ...spots] = text.split('\n').filter((line) => line && !line.startsWith('#'));
    expect(committed).toBe(`commitment ${commitment}`);
    const bytes = Buffer.from((seed as string).slice('seed '.length), 'hex');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(commitment);
    const place = (spot: string) =>
      createHash('sha256')
        .update(bytes)
        .update(Buffer.from(spot.replaceAll('-', ''), 'hex'))
        .digest('hex');
    expect(spots).toHaveLength(500);
    expect(spots).toEqual([...spots].sort((a, b) => (place(a) < place(b) ? -1 : 1)));
    const numbered = await app.admin<{ id: string }[]>`
      select id from ticketing.waiting_spots where room_id = ${room?.id as string} order by number`;
    expect(numbered.map((row) => row.id)).toEqual(spots);
    // and nothing of it is the order of arrival
    const arrived = await app.admin<{ id: string }[]>`
      select s.id from ticketing.waiting_spots s join unnest(${people}::uuid[]) with ordinality u(id, ord) on u.id = s.user_id
       where s.room_id = ${room?.id as string} order by u.ord`;
    expect(numbered.filter((row, at) => arrived[at]?.id === row.id).length).toBeLessThan(10);

    await step(app, stage.eventId);
    expect((await read(app.visitor(), stage)).room).toMatchObject({ drawn: 500, seed: bytes.toString('hex') });
    const again = await app.admin<{ id: string }[]>`
      select id from ticketing.waiting_spots where room_id = ${room?.id as string} order by number`;
    expect(again).toEqual(numbered);
  });
});

describe('a spot', () => {
  it('is one per person, in every tab and on every device, also when they arrive in the same moment', async () => {
    const stage = await stageRoom(app, { opensInSeconds: 3600 });
    await step(app, stage.eventId);
    const mara = await app.guest();
    const views = await Promise.all(Array.from({ length: 8 }, () => enter(mara, stage)));
    expect(new Set(views.map((view) => view.spot?.id)).size).toBe(1);
    expect((await read(mara, stage)).room.waiting).toBe(1);
  });

  it('queues after the drawn in the order of arrival, and keeps its number through refreshes', async () => {
    const stage = await stageRoom(app, { opensInSeconds: 3600, quantity: 1 });
    await step(app, stage.eventId);
    await enterSpots(app.db.engine.sql, stage.eventId, await crowd(app, 20));
    await openSales(app, stage);
    await step(app, stage.eventId);
    const [ada, ben] = [app.visitor(), app.visitor()];
    const first = await enter(ada, stage);
    const second = await enter(ben, stage);
    expect([first.spot?.number, second.spot?.number]).toEqual([21, 22]);
    expect((await enter(ada, stage)).spot).toEqual(first.spot);
    const { room, spot } = await read(ada, stage);
    expect(spot).toEqual(first.spot);
    expect(positionOf(spot?.number as number, room)).toBe(20);
  });

  it('moves up when people before it leave, and who leaves queues at the end when she comes back', async () => {
    const stage = await stageRoom(app, { quantity: 1 });
    await step(app, stage.eventId);
    await step(app, stage.eventId);
    const people = await crowd(app, 200);
    await enterSpots(app.db.engine.sql, stage.eventId, people);
    const mara = app.visitor();
    const before = await enter(mara, stage);
    const number = before.spot?.number as number;
    await step(app, stage.eventId);
    for (const person of people.slice(10, 40)) await leaveSpot(app.db.engine.sql, stage.eventId, person);
    const { room } = await read(mara, stage);
    expect([number, room.served, positionOf(number, room)]).toEqual([201, 1, 170]);
    await mara.api.waitingRoom.leave({ eventId: stage.eventId });
    expect((await read(mara, stage)).spot).toMatchObject({ state: 'left' });
    expect((await enter(mara, stage)).spot).toMatchObject({ state: 'waiting', number: 202 });
  });

  it('follows a guest who signs up, and the better of two stays', async () => {
    const stage = await stageRoom(app, { opensInSeconds: 3600, quantity: 1 });
    const later = await stageRoom(app, { quantity: 1 });
    await step(app, stage.eventId);
    await enterSpots(app.db.engine.sql, later.eventId, await crowd(app, 3));
    const browser = app.visitor();
    const gathered = await enter(browser, stage);
    const queued = await enter(browser, later);
    const email = `mara-${stage.eventId}@example.test`;
    await app.signUp({ email });
    await app.admin`select ticketing.enter_waiting_room(${later.eventId}, array(select id from auth.users where email = ${email}))`;
    const response = await browser.post('/auth/sign-in/email', { email, password: 'a-good-password' });
    expect(response.status).toBe(200);
    expect((await browser.actor())?.isAnonymous).toBe(false);
    expect((await read(browser, stage)).spot).toEqual(gathered.spot);
    expect((await read(browser, later)).spot).toEqual(queued.spot);
  });

  it('is counted for an address: one that opens session after session is refused, the person who is in is not', async () => {
    const stage = await stageRoom(app, { opensInSeconds: 3600 });
    await step(app, stage.eventId);
    const mara = app.visitor();
    await enter(mara, stage);
    const limit = { name: 'waiting-room.spots', points: 2000, perSeconds: 600, by: 'address' } as const;
    for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) await app.services.limits.take(limit, ip, 2000);
    await expect(enter(app.visitor(), stage)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect((await enter(mara, stage)).spot?.state).toBe('waiting');
  });
});

describe('a hold', () => {
  it('needs an admission of this person for this event, given at her turn, for five minutes', async () => {
    const stage = await stageRoom(app, { quantity: 4 });
    const other = await stageRoom(app, { quantity: 4 });
    await step(app, stage.eventId);
    const [mara, ben] = [await app.guest(), await app.guest()];
    await expect(take(mara, stage)).rejects.toMatchObject({
      code: 'WAITING_ROOM_AHEAD',
      status: 409,
      data: { details: { eventId: stage.eventId } },
    });
    await enter(mara, stage);
    await expect(take(mara, stage)).rejects.toMatchObject({ code: 'WAITING_ROOM_AHEAD' });
    await step(app, stage.eventId);
    const { spot } = await read(mara, stage);
    expect(spot).toMatchObject({ state: 'admitted', admittedUntil: expect.any(Number) });
    expect((spot?.admittedUntil as number) - Date.now()).toBeGreaterThan(290_000);
    expect((spot?.admittedUntil as number) - Date.now()).toBeLessThanOrEqual(300_000);

    expect(await takeBy(ben, stage, admissionOf(mara, stage) as string)).toBe(409);
    await expect(take(mara, other)).rejects.toMatchObject({ code: 'WAITING_ROOM_AHEAD' });
    const held = await take(mara, stage, 2);
    await step(app, stage.eventId);
    expect((await read(mara, stage)).spot?.state).toBe('held');
    // who holds places may change them without waiting again
    const changed = await mara.api.holds.place({
      eventId: stage.eventId,
      checkoutId: crypto.randomUUID(),
      lines: [{ tierId: stage.tierId, quantity: 1 }],
      replaces: held.checkoutId,
    });
    expect(changed.expiresAt).toEqual(held.expiresAt);
  });

  it('is refused when her minutes have passed, and a made-up earlier checkout opens no door', async () => {
    const stage = await stageRoom(app);
    await step(app, stage.eventId);
    const mara = await app.guest();
    await enter(mara, stage);
    await step(app, stage.eventId);
    await app.admin`update ticketing.waiting_spots set admission_ends_at = clock_timestamp() + interval '1 second'
      where room_id in (select id from ticketing.waiting_rooms where event_id = ${stage.eventId})`;
    const until = (await read(mara, stage)).spot?.admittedUntil as number;
    await expect.poll(() => Date.now() > until, { timeout: 5000 }).toBe(true);
    await expect(take(mara, stage)).rejects.toMatchObject({ code: 'ADMISSION_ENDED' });
    await expect(
      mara.api.holds.place({
        eventId: stage.eventId,
        checkoutId: crypto.randomUUID(),
        lines: [{ tierId: stage.tierId, quantity: 1 }],
        replaces: crypto.randomUUID(),
      }),
    ).rejects.toMatchObject({ code: 'HOLD_ENDED' });
  });
});

describe('the step', () => {
  it('lets everybody go at once when all is sold', async () => {
    const stage = await stageRoom(app, { quantity: 2 });
    await step(app, stage.eventId);
    const mara = app.visitor();
    await enter(mara, stage);
    const socket = await mara.socket();
    await socket.join('waiting', stage.eventId);
    await app.admin`update ticketing.ticket_tiers set issued_quantity = quantity where id = ${stage.tierId}`;
    await step(app, stage.eventId);
    const told = (await socket.next(
      (one) => (one as Snapshot<'waiting'>).data.state === 'closed',
    )) as Snapshot<'waiting'>;
    expect(told.data).toMatchObject({ closedBecause: 'sold_out', sale: { state: 'sold_out' } });
    await step(app, stage.eventId);
    expect(await living(stage.eventId)).toMatchObject({ state: 'closed' });
    socket.close();
  });

  it('may be made by many processes at once: each room is stepped by one, and nobody is admitted twice', async () => {
    const stage = await stageRoom(app, { quantity: 8 });
    await step(app, stage.eventId);
    await enterSpots(app.db.engine.sql, stage.eventId, await crowd(app, 60));
    const room = await living(stage.eventId);
    for (let round = 0; round < 5; round++) {
      await app.admin`update ticketing.waiting_rooms set stepped_at = stepped_at - interval '1 second' where id = ${room?.id as string}`;
      const outcomes = await Promise.all(
        Array.from(
          { length: 6 },
          () => app.admin`select ticketing.step_waiting_room(${room?.id as string}) as outcome`,
        ),
      );
      expect(outcomes.filter(([row]) => row?.outcome !== null)).toHaveLength(1);
    }
    const [count] =
      await app.admin`select count(*)::int as n from ticketing.waiting_spots where room_id = ${room?.id as string} and state = 'admitted'`;
    expect(count?.n).toBe(12);
  });

  it('calls nobody while the organizer pauses it; strangers find no room to pause', async () => {
    const theo = await app.signUp({ name: 'Theo' });
    const stage = await stageRoom(app, { ownerId: theo.userId });
    await step(app, stage.eventId);
    const mara = app.visitor();
    await enter(mara, stage);
    const stranger = await app.signUp();
    await expect(stranger.api.waitingRoom.pause({ eventId: stage.eventId, paused: true })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await theo.api.waitingRoom.pause({ eventId: stage.eventId, paused: true })).room).toMatchObject({
      paused: true,
      staff: { admitted: 0 },
    });
    await step(app, stage.eventId);
    expect(await read(mara, stage)).toMatchObject({ room: { paused: true }, spot: { state: 'waiting' } });
    expect((await read(mara, stage)).room.staff).toBeUndefined();
    await theo.api.waitingRoom.pause({ eventId: stage.eventId, paused: false });
    await step(app, stage.eventId);
    expect((await read(mara, stage)).spot?.state).toBe('admitted');
  });

  it('closes the room when the organizer switches it off, and opens one when it is switched on', async () => {
    const theo = await app.signUp({ name: 'Theo' });
    const stage = await stageRoom(app, { ownerId: theo.userId, waitingRoom: 'by_itself' });
    await step(app, stage.eventId);
    expect((await read(app.visitor(), stage)).room.state).toBe('none');
    await theo.api.organizer.updateEvent({ eventId: stage.eventId, waitingRoom: 'on' });
    await step(app, stage.eventId);
    expect((await read(app.visitor(), stage)).room.state).toBe('gathering');
    await step(app, stage.eventId);
    expect((await read(app.visitor(), stage)).room.state).toBe('open');
    await theo.api.organizer.updateEvent({ eventId: stage.eventId, waitingRoom: 'off' });
    await step(app, stage.eventId);
    expect((await read(app.visitor(), stage)).room).toMatchObject({ state: 'closed', closedBecause: 'switched_off' });
  });
});

describe('by itself', () => {
  const report = (eventId: string, node: string, requestsPerSecond: number, drainPerSecond: number) =>
    reportPressure(app.db.engine.sql, eventId, node, { requestsPerSecond, drainPerSecond });
  const age = (eventId: string, seconds: number) =>
    app.admin`update ticketing.hold_pressure set hot_since = hot_since - make_interval(secs => ${seconds}) where event_id = ${eventId}`;

  it('a room opens when all processes together were asked more than twice what they decided, for five seconds', async () => {
    const stage = await stageRoom(app, { waitingRoom: 'by_itself' });
    expect(await report(stage.eventId, 'a', 900, 300)).toBe(false);
    await age(stage.eventId, 4.8);
    expect(await report(stage.eventId, 'a', 900, 300)).toBe(false);
    await age(stage.eventId, 1);
    // another process keeps up, and the sum is no rush: the five seconds begin again
    expect(await report(stage.eventId, 'b', 500, 500)).toBe(false);
    await age(stage.eventId, 6);
    expect(await report(stage.eventId, 'a', 900, 300)).toBe(false);
    expect(await report(stage.eventId, 'b', 1500, 500)).toBe(false);
    await age(stage.eventId, 5);
    expect(await report(stage.eventId, 'b', 1500, 500)).toBe(true);
    expect(await read(app.visitor(), stage)).toMatchObject({ room: { state: 'open', drawn: 0 } });
    await expect(take(await app.guest(), stage)).rejects.toMatchObject({ code: 'WAITING_ROOM_AHEAD' });
  });

  it('a process that keeps up is counted: one slow process of two opens no room, two do', async () => {
    const stage = await stageRoom(app, { waitingRoom: 'by_itself' });
    // a process of its own has counters of its own
    const [slow, other] = [0, 1].map(() => ({
      ...app.work(),
      services: { ...app.services, db: { ...app.services.db } },
    })) as [WorkCtx, WorkCtx];
    const ask = (process: WorkCtx, times: number, decide: () => Promise<void>) => {
      for (let time = 0; time < times; time++) void underPressure(process, stage.eventId, decide);
    };
    const never = () => new Promise<void>(() => {});
    const reports = async () => {
      const [row] = await app.admin<{ nodes: number; at: number }[]>`
        select count(*)::int as nodes, coalesce(extract(epoch from max(measured_at)) * 1000, 0)::float8 as at
          from ticketing.hold_pressure where event_id = ${stage.eventId}`;
      return row as { nodes: number; at: number };
    };
    /** Both processes are asked until what they know is told. */
    const askBoth = async (answers: () => Promise<void>) => {
      const { at } = await reports();
      await expect
        .poll(
          async () => {
            ask(slow, 100, never);
            ask(other, 300, answers);
            await Promise.resolve();
            watchPressure(other, stage.eventId);
            watchPressure(slow, stage.eventId);
            return (await reports()).at > at;
          },
          { timeout: 10_000, interval: 100 },
        )
        .toBe(true);
    };
    for (let round = 0; round < 4; round++) {
      await askBoth(async () => {});
      await age(stage.eventId, 6);
    }
    expect(await living(stage.eventId)).toBeUndefined();
    expect((await reports()).nodes).toBe(2);
    await expect
      .poll(
        async () => {
          await askBoth(never);
          await age(stage.eventId, 6);
          return (await living(stage.eventId))?.state;
        },
        { timeout: 20_000, interval: 10 },
      )
      .toBe('open');
  });

  it('a handful of requests that nobody answers is no rush', async () => {
    const stage = await stageRoom(app, { waitingRoom: 'by_itself' });
    for (let round = 0; round < 2; round++) {
      expect(await report(stage.eventId, 'a', 20, 0)).toBe(false);
      expect(await report(stage.eventId, 'b', 29, 1)).toBe(false);
      await age(stage.eventId, 6);
    }
  });

  it('it stays away from events that switched it off, and closes a minute after the last one is through', async () => {
    const off = await stageRoom(app, { waitingRoom: 'off' });
    const stage = await stageRoom(app, { waitingRoom: 'by_itself' });
    for (const { eventId } of [off, stage]) {
      await report(eventId, 'a', 900, 300);
      await age(eventId, 6);
    }
    expect(await report(off.eventId, 'a', 900, 300)).toBe(false);
    expect(await report(stage.eventId, 'a', 900, 300)).toBe(true);
    await step(app, stage.eventId);
    await step(app, stage.eventId, 59);
    expect((await living(stage.eventId))?.state).toBe('open');
    await step(app, stage.eventId, 3);
    expect((await read(app.visitor(), stage)).room).toMatchObject({ state: 'closed', closedBecause: 'calm' });
    await take(await app.guest(), stage);
  });
});

describe('a crowd', () => {
  it('of forty sessions of one attacker gets the places that forty people would, and no more each than the limits', async () => {
    const visitors: Awaited<ReturnType<TestApp['guest']>>[] = [];
    for (let at = 0; at < 80; at++) {
      if (at % 25 === 0) app.services.limits.clear();
      visitors.push(await app.guest());
    }
    const attackers = visitors.slice(0, 40);
    const mine = new Set(await Promise.all(attackers.map(async (by) => (await by.actor())?.userId)));
    const taken = { attackers: 0, others: 0 };
    for (let round = 0; round < 3; round++) {
      const stage = await stageRoom(app, { quantity: 24, opensInSeconds: 3600 });
      await app.admin`update events.events set max_per_person = 1 where id = ${stage.eventId}`;
      await step(app, stage.eventId);
      app.services.limits.clear();
      // the attacker is there first, in several tabs
      for (const by of visitors) await enter(by, stage);
      app.services.limits.clear();
      for (const by of attackers.slice(0, 8)) await Promise.all([enter(by, stage), enter(by, stage)]);
      await openSales(app, stage);
      for (let called = 0; called < 2; called++) {
        // Ten a second, for five seconds at most, however long the test itself takes: all places in two steps.
        await step(app, stage.eventId, 5);
        const turns: typeof visitors = [];
        for (const by of visitors) if ((await read(by, stage)).spot?.state === 'admitted') turns.push(by);
        // a session whose turn it is lends its admission to one that waits
        const lent = turns.find((by) => attackers.includes(by)) as Visitor;
        const waits = attackers.find((by) => !admissionOf(by, stage)) as Visitor;
        expect(await takeBy(waits, stage, admissionOf(lent, stage) as string)).toBe(409);
        for (const by of turns) {
          app.services.limits.clear();
          const greedy = attackers.includes(by);
          if (greedy) await expect(take(by, stage, 2)).rejects.toMatchObject({ code: 'PERSON_LIMIT' });
          const held = await take(by, stage).then(
            () => true,
            () => false, // more are let in than places are free
          );
          if (greedy && held) await expect(take(by, stage)).rejects.toMatchObject({ code: 'CHECKOUT_ELSEWHERE' });
        }
      }
      const holds = await app.admin<{ user_id: string; places: number }[]>`
        select user_id, sum(quantity)::int as places from ticketing.ticket_holds
         where event_id = ${stage.eventId} and status = 'active' group by user_id`;
      expect(holds.every((hold) => hold.places === 1)).toBe(true);
      expect(holds).toHaveLength(24);
      for (const hold of holds) taken[mine.has(hold.user_id) ? 'attackers' : 'others'] += hold.places;
      await app.admin`update events.events set waiting_room = 'off' where id = ${stage.eventId}`;
      await step(app, stage.eventId);
    }
    // Of 3 x 24 places half is 36; by the draw it strays by 3.6. In the order of arrival it would be 72.
    expect(Math.abs(taken.attackers - 36)).toBeLessThan(20);
  });
});

describe('what is said', () => {
  it('names free places and places in checkout only where the organizer shows them', async () => {
    for (const display of ['exact', 'low_only', 'hidden'] as const) {
      const stage = await stageRoom(app, { quantity: 79_193_117, display });
      await step(app, stage.eventId);
      await app.admin`update ticketing.ticket_tiers set issued_quantity = 31013579, reserved_quantity = 11927741 where id = ${stage.tierId}`;
      const mara = app.visitor();
      await enter(mara, stage);
      const socket = await mara.socket();
      const said = JSON.stringify([await read(mara, stage), await socket.join('waiting', stage.eventId)]);
      for (const figure of [79_193_117, 31_013_579, 11_927_741, 36_251_797, 48_179_538, 42_941_320, 67_265_376])
        expect([display, figure, said.includes(String(figure))]).toEqual([
          display,
          figure,
          display === 'exact' && (figure === 11_927_741 || figure === 36_251_797),
        ]);
      socket.close();
    }
  });

  it('the version only grows, over a room that ends and the next one', async () => {
    const stage = await stageRoom(app, { quantity: 3 });
    const versions = [(await read(app.visitor(), stage)).version];
    const note = async () => versions.push((await read(app.visitor(), stage)).version);
    await step(app, stage.eventId);
    await note();
    await step(app, stage.eventId);
    await note();
    await app.admin`update events.events set waiting_room = 'off' where id = ${stage.eventId}`;
    await step(app, stage.eventId);
    await note();
    await app.admin`update events.events set waiting_room = 'on' where id = ${stage.eventId}`;
    await step(app, stage.eventId);
    await note();
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });
});
