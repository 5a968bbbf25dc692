import { createHash, randomUUID } from 'node:crypto';
import { positionOf } from '@liventix/contracts/waiting-room';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reserveBatch } from '../inventory/inventory.sql.ts';
import {
  enterSpots,
  keepSeen,
  leaveSpot,
  pauseLiving,
  prepareRooms,
  readRoomSnapshot,
  stepRoom,
} from './waiting-room.sql.ts';
import { crowd, letPass, openSales, type Stage, stageRoom } from './waiting-room.test-data.ts';

/** `ROOM_RUNS=2000 vitest run …` looks longer, and elsewhere each time. */
const RUNS = process.env.ROOM_RUNS ? { numRuns: Number(process.env.ROOM_RUNS) } : { numRuns: 20, seed: 7919 };
const PEOPLE = 14;
/** Not the one a second that is always let in, so that the start and what is measured differ. */
const START_PER_SECOND = 3;

/** Of each address, while no more than 80 places are on sale. */
const TURNS_PER_ADDRESS = 4;
/** Eight people share a network, three another one, the rest is not counted. */
const addressOf = (person: number): string | null => (person < 8 ? '11' : person < 11 ? '12' : null);

let test: TestDatabase;
let people: string[];
beforeAll(async () => {
  test = await testDatabase();
  people = await crowd(test, PEOPLE);
});
afterAll(() => test?.drop());

interface Spot {
  id: string;
  user_id: string;
  address: string | null;
  state: string;
  number: number | null;
  /** Ages in seconds, by the database's clock. */
  seen: number;
  missed: number | null;
  admitted: number | null;
  left: number | null;
  ended: number | null;
  /** Took places in this turn and has them, or paid. */
  holds: boolean;
  paid: boolean;
}

interface Books {
  room: {
    id: string;
    state: string;
    served: number;
    drawn: number;
    last_number: number;
    paused: boolean;
    because: string | null;
    seed: string;
    /** Seconds since the last step. */
    since: number;
  };
  spots: Map<string, Spot>;
  free: number;
  sold: boolean;
  open: boolean;
}

async function readBooks({ eventId, tierId }: Stage): Promise<Books> {
  const [room] = await test.admin<Books['room'][]>`
    select id, state, served, drawn, last_number, paused_at is not null as paused, closed_because as because, encode(seed, 'hex') as seed,
           extract(epoch from clock_timestamp() - stepped_at)::float8 as since
      from ticketing.waiting_rooms where event_id = ${eventId}`;
  const spots = await test.admin<Spot[]>`
    select id, user_id, address_key::text as address, state, number, extract(epoch from clock_timestamp() - seen_at)::float8 as seen,
           extract(epoch from clock_timestamp() - missed_at)::float8 as missed, extract(epoch from clock_timestamp() - admitted_at)::float8 as admitted,
           extract(epoch from admission_ends_at - clock_timestamp())::float8 as left, extract(epoch from clock_timestamp() - ended_at)::float8 as ended,
           exists (select from ticketing.ticket_holds h where h.event_id = ${eventId} and h.user_id = s.user_id
                     and h.status in ('active', 'converted') and h.created_at >= s.admitted_at) as holds,
           exists (select from ticketing.ticket_holds h where h.event_id = ${eventId} and h.user_id = s.user_id
                     and h.status = 'converted' and h.created_at >= s.admitted_at) as paid
      from ticketing.waiting_spots s where room_id = ${room?.id as string} order by arrived_at, id`;
  const [tier] = await test.admin<{ free: number; sold: boolean; open: boolean }[]>`
    select quantity - issued_quantity - reserved_quantity as free, issued_quantity = quantity as sold, sales_start <= clock_timestamp() as open
      from ticketing.ticket_tiers where id = ${tierId}`;
  if (!room || !tier) throw new Error('no room');
  return { room, spots: new Map(spots.map((spot) => [spot.id, spot])), ...tier };
}

const who = fc.nat(PEOPLE - 1);
const deeds = (weights: Record<Kind, number>) =>
  fc.oneof(
    {
      weight: weights.arrive,
      arbitrary: fc.record({
        kind: fc.constant('arrive' as const),
        all: fc.uniqueArray(who, { minLength: 1, maxLength: 5 }),
      }),
    },
    {
      weight: weights.step,
      arbitrary: fc.record({
        kind: fc.constant('step' as const),
        seconds: fc.constantFrom(...([1, 1, 1, 2, 7, 41, 101, 302] as number[])),
      }),
    },
    { weight: weights.pause, arbitrary: fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }) },
    { weight: weights.goAway, arbitrary: fc.record({ kind: fc.constant('goAway' as const), who }) },
    { weight: weights.comeBack, arbitrary: fc.record({ kind: fc.constant('comeBack' as const), who }) },
    { weight: weights.take, arbitrary: fc.record({ kind: fc.constant('take' as const), who }) },
    { weight: weights.giveBack, arbitrary: fc.record({ kind: fc.constant('giveBack' as const), who }) },
    { weight: weights.buy, arbitrary: fc.record({ kind: fc.constant('buy' as const), who }) },
    { weight: weights.leave, arbitrary: fc.record({ kind: fc.constant('leave' as const), who }) },
  );
type Kind = 'arrive' | 'step' | 'goAway' | 'comeBack' | 'take' | 'giveBack' | 'buy' | 'leave' | 'pause';
const NOTHING: Record<Kind, number> = {
  arrive: 0,
  step: 0,
  goAway: 0,
  comeBack: 0,
  take: 0,
  giveBack: 0,
  buy: 0,
  leave: 0,
  pause: 0,
};
/** An evening: people gather, sales open, and then what people, organizers and clocks do, in any order. A second tab and a refresh are an arrival of who is there already. */
const evening = fc.record({
  quantity: fc.integer({ min: 1, max: 12 }),
  before: fc.array(deeds({ ...NOTHING, arrive: 4, step: 2, goAway: 1, leave: 1, pause: 1 }), { maxLength: 8 }),
  after: fc.array(
    deeds({ arrive: 4, step: 12, goAway: 3, comeBack: 3, take: 4, giveBack: 1, buy: 3, leave: 1, pause: 1 }),
    { minLength: 15, maxLength: 60 },
  ),
});
type Deed = ReturnType<typeof deeds> extends fc.Arbitrary<infer D> ? D : never;
const arrive = (...all: number[]): Deed => ({ kind: 'arrive', all });
const deed = (kind: Exclude<Kind, 'arrive' | 'step' | 'pause'>): Deed => ({ kind, who: 0 });
const step = (seconds: number): Deed => ({ kind: 'step', seconds });
const pause = (paused: boolean): Deed => ({ kind: 'pause', paused });
/** Evenings by hand, so that each thing that can happen does. */
const BY_HAND = [
  // away for both rounds; a turn that passes unused
  {
    quantity: 2,
    before: [arrive(0, 1, 2), deed('goAway'), { kind: 'goAway' as const, who: 1 }, step(101)],
    after: [step(1), step(1), step(302), step(1)],
  },
  // away at the turn, back for the next round, and the last place is sold
  {
    quantity: 1,
    before: [arrive(0), pause(true), step(1), pause(false)],
    after: [step(1), deed('goAway'), step(302), deed('comeBack'), step(1), deed('take'), step(1), deed('buy'), step(1)],
  },
  // a hold given back and taken again in the same five minutes, while others wait
  {
    quantity: 2,
    before: [arrive(0, 1, 2, 3, 4)],
    after: [
      step(1),
      deed('take'),
      step(1),
      deed('giveBack'),
      step(1),
      deed('take'),
      step(1),
      deed('giveBack'),
      step(302),
      step(1),
    ],
  },
  // more than enough places: only the holds of the last minute say how many come
  {
    quantity: 30,
    before: [arrive(...Array(PEOPLE).keys())],
    after: [step(1), deed('take'), step(1), step(61), step(1), step(1)],
  },
  // more of one network than may come at once: the next when one has paid, or when fifteen minutes have passed
  {
    quantity: 30,
    before: [arrive(...Array(8).keys())],
    after: [step(1), step(1), deed('take'), step(1), deed('buy'), step(1), step(302), step(302), step(302), step(1)],
  },
];
/** What happened in all evenings together: a test of what never happens would hold for nothing. */
const happened = new Map<string, number>();
const note = (what: string) => void happened.set(what, (happened.get(what) ?? 0) + 1);

const isHere = (spot: Spot) => spot.seen < 89;
const isUnsure = (spot: Spot) => Math.abs(spot.seen - 90) <= 1;
const living = (books: Books) =>
  [...books.spots.values()].filter((spot) => ['waiting', 'admitted'].includes(spot.state));

/** Who may take places now and has none: a running turn, or a hold or turn given up while the admission lives. */
const mayTake = (books: Books) =>
  [...books.spots.values()].filter(
    (spot) =>
      spot.state === 'admitted' || (['held', 'left'].includes(spot.state) && !spot.holds && (spot.left ?? 0) > 0.5),
  ).length;

/** Whether an address has all the turns it gets: those of 15 minutes, one more for each that led to a purchase. */
function isFull({ spots }: Books, address: string | null, spareSeconds = 1): boolean {
  if (address === null) return false;
  const turns = [...spots.values()].filter(
    (spot) => spot.address === address && (spot.admitted ?? 9999) < 900 + spareSeconds,
  );
  const paid = turns.filter((spot) => spot.paid).length;
  return turns.length - paid >= TURNS_PER_ADDRESS + paid;
}

/** The most admissions a second after a step: of holds taken in the last minute, and one; at the start what is given. */
function paceOf({ spots }: Books): { most: number; taken: number; measured: boolean } {
  const turns = [...spots.values()].filter((spot) => spot.admitted !== null);
  const taken = turns.filter((spot) => spot.state === 'held' && (spot.ended ?? 99) < 60.5).length;
  const measured = turns.some(
    (spot) => (spot.admitted ?? 0) > 60.5 && (spot.state === 'admitted' || (spot.ended ?? 99) < 59.5),
  );
  const pace = taken / 60 + 1;
  return { most: measured ? pace : Math.max(pace, START_PER_SECOND), taken, measured };
}

/** One evening of one room, and what must hold after each deed. */
class Evening {
  #stage: Stage;
  #here = new Set<number>();
  #before: Books;
  #positions = new Map<string, number>();
  #version = 0;
  #credit = 0;
  #arrivals: string[] = [];

  constructor(stage: Stage, books: Books) {
    this.#stage = stage;
    this.#before = books;
  }

  get #sql() {
    return test.db.engine.sql;
  }

  async do(one: Deed | { kind: 'open' }): Promise<void> {
    const { eventId } = this.#stage;
    const person = 'who' in one ? this.#pick(one.kind, one.who) : '';
    if (one.kind === 'arrive') {
      for (const each of one.all) this.#here.add(each);
      await enterSpots(
        this.#sql,
        eventId,
        one.all.map((each) => people[each] as string),
        one.all.map(addressOf),
      );
    } else if (one.kind === 'goAway') this.#here.delete(people.indexOf(person));
    else if (one.kind === 'comeBack') {
      this.#here.add(people.indexOf(person));
      await this.#seeAll();
    } else if (one.kind === 'take') await this.#take(person);
    else if (one.kind === 'giveBack') {
      await this.#sql`select ticketing.release_checkout(h.checkout_id, h.user_id) from ticketing.ticket_holds h
        where h.event_id = ${eventId} and h.user_id = ${person} and h.status = 'active'`;
    } else if (one.kind === 'buy') {
      await test.admin`with sold as (update ticketing.ticket_holds set status = 'converted', ended_at = clock_timestamp(), address_key = 1
          where event_id = ${eventId} and user_id = ${person} and status = 'active' returning tier_id)
        update ticketing.ticket_tiers t set reserved_quantity = t.reserved_quantity - 1, issued_quantity = t.issued_quantity + 1 from sold where t.id = sold.tier_id`;
    } else if (one.kind === 'leave') await leaveSpot(this.#sql, eventId, person);
    else if (one.kind === 'pause') await pauseLiving(this.#sql, eventId, one.paused);
    else if (one.kind === 'open') await openSales(test, this.#stage);
    else {
      await letPass(test, eventId, one.seconds);
      await this.#seeAll();
      const ready = await readBooks(this.#stage);
      await this.#sql.begin((sql) => stepRoom(sql, ready.room.id, START_PER_SECOND));
      const after = await readBooks(this.#stage);
      this.#checkStep(ready, after);
      this.#before = ready; // what passed with the time alone was no deed of the step
    }
    await this.#check(await readBooks(this.#stage), one);
  }

  /** Somebody for whom the deed means something, where there is one. */
  #pick(kind: Kind, at: number): string {
    const spots = [...this.#before.spots.values()];
    const fit = spots.filter((spot) =>
      kind === 'take'
        ? spot.state === 'admitted' || (spot.state === 'held' && !spot.holds)
        : kind === 'giveBack' || kind === 'buy'
          ? spot.state === 'admitted' || spot.state === 'held'
          : spot.state === 'waiting' || spot.state === 'admitted',
    );
    return fit[at % fit.length]?.user_id ?? (people[at] as string);
  }

  async #seeAll(): Promise<void> {
    const here = [...this.#here].map((each) => people[each] as string);
    await keepSeen(
      this.#sql,
      here.map(() => this.#stage.eventId),
      here,
    );
  }

  /** Only who is admitted may ask for a place: the token's own tests show that nobody else gets past it. */
  async #take(userId: string): Promise<void> {
    const may = [...this.#before.spots.values()].some(
      (spot) =>
        spot.user_id === userId &&
        (spot.state === 'admitted' || (spot.state === 'held' && !spot.holds)) &&
        (spot.left ?? 0) > 1,
    );
    if (!may) return;
    const request = {
      checkoutId: randomUUID(),
      userId,
      lines: [{ tierId: this.#stage.tierId, quantity: 1 }],
      replaces: null,
      addressKey: null,
    };
    await reserveBatch(this.#sql, [request]);
  }

  #checkStep(before: Books, after: Books): void {
    const called = [...after.spots.values()].filter(
      (spot) => spot.state === 'admitted' && before.spots.get(spot.id)?.state !== 'admitted',
    );
    const outstanding = mayTake(after);
    if (after.room.state === 'closed') {
      // everybody may go at once when all is sold, and for no other reason here
      if (before.room.state !== 'closed') expect([before.sold, after.room.because]).toEqual([true, 'sold_out']);
      note('sold out');
      return;
    }
    expect(before.sold).toBe(false);
    // the draw, once: by the committed seed, all who were there
    if (before.room.state === 'gathering' && after.room.state === 'open') {
      expect([before.open, before.room.paused]).toEqual([true, false]);
      note('drawn');
      const seed = Buffer.from(before.room.seed, 'hex');
      const key = ({ id }: Spot) =>
        createHash('sha256')
          .update(seed)
          .update(Buffer.from(id.replaceAll('-', ''), 'hex'))
          .digest('hex');
      const wanted = living(before).sort((a, b) => (key(a) < key(b) ? -1 : 1));
      expect(wanted.map((spot) => after.spots.get(spot.id)?.number)).toEqual(wanted.map((_spot, at) => at + 1));
      expect(after.room.drawn).toBe(wanted.length);
    } else expect([after.room.seed, after.room.drawn]).toEqual([before.room.seed, before.room.drawn]);
    // the pace: never more admissions than 1.5 x free places, and no faster than checkouts are measured to end
    if (called.length > 0) {
      expect([before.room.paused, after.room.state]).toEqual([false, 'open']);
      expect(outstanding).toBeLessThanOrEqual(Math.max(1, Math.floor(1.5 * before.free)));
      expect(before.free).toBeGreaterThan(0);
    }
    const drawn = before.room.state === 'gathering';
    const since = drawn ? 1 : Math.min(5, before.room.since + 0.5);
    const pace = paceOf(after);
    this.#credit = before.room.paused ? 0 : Math.min(this.#credit + since * pace.most, 5 * pace.most);
    expect(called.length).toBeLessThanOrEqual(this.#credit);
    if (called.length > 0 && pace.measured) note(pace.taken > 0 ? 'paced by holds' : 'trickled');
    if ([...after.spots.values()].some((spot) => spot.state === 'held' && !spot.holds && (spot.left ?? 0) > 1))
      note('gave back in her minutes');
    this.#credit -= called.length;
    if (before.room.paused) note('paused');
    if (called.some((spot) => spot.missed !== null)) note('called again');
    else if (called.length > 0) note('called');
    // of one network: no turn beyond those it gets
    for (const address of new Set(called.map((spot) => spot.address))) {
      const turns = [...after.spots.values()].filter(
        (spot) => address !== null && spot.address === address && (spot.admitted ?? 9999) < 899,
      );
      const paid = turns.filter((spot) => spot.paid).length;
      expect(turns.length - paid).toBeLessThanOrEqual(TURNS_PER_ADDRESS + paid);
    }
    if (called.some(({ id, missed }) => missed === null && (before.spots.get(id)?.number ?? 99) <= before.room.served))
      note('called after neighbours');
    // the order: nobody who is here is passed by a later number, but for her neighbours' turns, and never by a neighbour
    const last = Math.max(0, ...called.map((spot) => spot.number ?? 0));
    const passed = [...after.spots.values()].filter(
      (spot) =>
        spot.state === 'waiting' &&
        (spot.number ?? 0) < last &&
        isHere(spot) &&
        before.spots.get(spot.id)?.state === 'waiting',
    );
    expect(passed.filter((spot) => !isFull(after, spot.address))).toEqual([]);
    for (const spot of passed)
      expect(called.filter((one) => one.address === spot.address && (one.number ?? 0) > (spot.number ?? 0))).toEqual(
        [],
      );
    if (passed.some((spot) => spot.missed === null)) note('kept back');
    for (const spot of called) expect(isHere(spot) || isUnsure(spot)).toBe(true);
    // it moves: with places free and nobody in the way, somebody who is here is called
    const waitingHere = living(after).filter(
      (spot) => spot.state === 'waiting' && isHere(spot) && !isFull(after, spot.address),
    );
    if (!after.room.paused && after.room.state === 'open' && before.free > 0 && outstanding === 0)
      expect(waitingHere).toEqual([]);
    for (const [id, spot] of after.spots) this.#checkTurn(before.spots.get(id), spot, before);
  }

  /** A spot ends only as it may: minutes over, or away for a second round. */
  #checkTurn(was: Spot | undefined, is: Spot, before: Books): void {
    if (!was || was.state === is.state) return;
    note(`${was.state}, then ${is.state}`);
    if (is.state === 'missed') {
      expect(was.state).toBe('waiting');
      expect(was.missed).toBeGreaterThanOrEqual(299);
      expect(isHere(was)).toBe(false);
      expect(was.number).toBeLessThanOrEqual(before.room.served);
    } else if (is.state === 'lapsed' || is.state === 'waiting') {
      expect(was.state).toBe('admitted');
      expect(was.left).toBeLessThanOrEqual(0.5);
      // away the whole time, and for the first time: kept for one more round
      expect(is.state).toBe(was.missed === null && was.seen > (was.admitted as number) ? 'waiting' : 'lapsed');
    } else expect(['admitted', 'held']).toContain(is.state);
  }

  async #check(books: Books, one: Deed | { kind: 'open' }): Promise<void> {
    const mine = living(books);
    // one spot per person, whatever tabs and devices
    expect(new Set(mine.map((spot) => spot.user_id)).size).toBe(mine.length);
    for (const [id, was] of this.#before.spots) {
      const is = books.spots.get(id);
      expect(is).toBeDefined();
      if (was.number !== null) expect(is?.number).toBe(was.number);
      if (was.state !== is?.state && one.kind !== 'step') expect([one.kind, is?.state]).toEqual(['leave', 'left']);
    }
    // an admission is five minutes, from the moment it was given
    for (const spot of mine) {
      if (spot.state === 'admitted') expect((spot.admitted ?? 0) + (spot.left ?? 0)).toBeCloseTo(300, 0);
      expect(spot.number === null).toBe(
        books.room.state === 'gathering' ||
          (books.room.state === 'closed' && books.room.drawn === 0 && books.room.last_number === 0),
      );
      // away at her turn, or too many neighbours with one: still there, her number kept
      if (spot.state === 'waiting' && spot.number !== null && spot.number <= books.room.served)
        expect(spot.missed !== null || spot.address !== null).toBe(true);
    }
    // later ones in the order they came
    for (const spot of books.spots.values()) {
      if (spot.number !== null && spot.number > books.room.drawn && !this.#arrivals.includes(spot.id))
        this.#arrivals.push(spot.id);
    }
    const numbers = this.#arrivals.map((id) => books.spots.get(id)?.number ?? 0);
    if (one.kind === 'arrive') {
      const fresh = [...books.spots.values()].filter(
        (spot) => !this.#before.spots.has(spot.id) && spot.number !== null,
      );
      const order = one.all.map((each) => people[each]);
      const sorted = fresh
        .sort((a, b) => order.indexOf(a.user_id) - order.indexOf(b.user_id))
        .map((spot) => spot.number ?? 0);
      expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      for (const number of sorted) expect(number).toBeGreaterThan(this.#before.room.last_number);
    }
    expect(new Set(numbers).size).toBe(numbers.length);
    // what everybody is told is true, and nobody's position grows
    const told = await readRoomSnapshot(this.#sql, this.#stage.eventId, false);
    if (!told) throw new Error('no snapshot');
    expect(told.version).toBeGreaterThanOrEqual(this.#version);
    this.#version = told.version;
    for (const spot of mine) {
      if (spot.state !== 'waiting' || spot.number === null) continue;
      const position = positionOf(spot.number, told.data);
      const ahead = mine.filter(
        (other) =>
          other.state === 'waiting' &&
          (other.number ?? 0) > books.room.served &&
          (other.number ?? 0) < (spot.number ?? 0),
      ).length;
      expect(position).toBeGreaterThanOrEqual(ahead + 1);
      const known = this.#positions.get(spot.id) ?? Number.POSITIVE_INFINITY;
      expect(position).toBeLessThanOrEqual(known);
      this.#positions.set(spot.id, position);
    }
    this.#before = books;
  }
}

it('whatever arrives, refreshes, goes away, comes back, pauses and sells: each sentence of the room holds', async () => {
  await fc.assert(
    fc.asyncProperty(evening, async ({ quantity, before, after }) => {
      const stage = await stageRoom(test, { quantity, opensInSeconds: 3600 });
      await prepareRooms(test.db.engine.sql);
      const one = new Evening(stage, await readBooks(stage));
      for (const deed of [...before, { kind: 'open' as const }, ...after]) await one.do(deed);
    }),
    { ...RUNS, examples: BY_HAND.map((one): [typeof one] => [one]) },
  );
  const wanted = [
    'admitted, then held',
    'admitted, then lapsed',
    'admitted, then waiting',
    'waiting, then admitted',
    'waiting, then missed',
  ];
  expect([...happened.keys()]).toEqual(
    expect.arrayContaining([
      ...wanted,
      'called',
      'called again',
      'drawn',
      'paused',
      'sold out',
      'paced by holds',
      'trickled',
      'gave back in her minutes',
      'kept back',
      'called after neighbours',
    ]),
  );
});

const stepAfter = async (stage: Stage, seconds: number, here: readonly string[]) => {
  await letPass(test, stage.eventId, seconds);
  await keepSeen(
    test.db.engine.sql,
    here.map(() => stage.eventId),
    here,
  );
  const before = await readBooks(stage);
  await stepRoom(test.db.engine.sql, before.room.id);
  const after = await readBooks(stage);
  const turns = (books: Books) => [...books.spots.values()].filter((spot) => spot.admitted !== null).length;
  return { after, called: turns(after) - turns(before) };
};
const takeOne = ({ tierId }: Stage, userId: string) =>
  reserveBatch(test.db.engine.sql, [
    { checkoutId: randomUUID(), userId, lines: [{ tierId, quantity: 1 }], replaces: null, addressKey: null },
  ]);
const admittedOf = (books: Books) => [...books.spots.values()].filter((spot) => spot.state === 'admitted');

it('people are called as fast as holds are taken, not as fast as turns end, and one a second when nothing is', async () => {
  const stage = await stageRoom(test, { quantity: 1000, opensInSeconds: 3600 });
  await prepareRooms(test.db.engine.sql);
  const line = await crowd(test, 200);
  await enterSpots(test.db.engine.sql, stage.eventId, line);
  await openSales(test, stage);
  // the start: nothing is measured, ten a second
  expect((await stepAfter(stage, 1, line)).called).toBe(10);
  const { after, called } = await stepAfter(stage, 5, line);
  expect(called).toBe(50);
  for (const spot of admittedOf(after).slice(0, 30)) await takeOne(stage, spot.user_id);
  // thirty holds in the last minute are half a hold a second; at most five seconds are made up for
  expect((await stepAfter(stage, 61, line)).called).toBe(7);
  for (const spot of admittedOf(await readBooks(stage)).slice(0, 25))
    await leaveSpot(test.db.engine.sql, stage.eventId, spot.user_id);
  // who gives her turn up makes nobody's come sooner
  expect((await stepAfter(stage, 5, line)).called).toBe(7);
  expect((await stepAfter(stage, 302, line)).called).toBe(5);
});

it('who gives places back in her five minutes may take others, and until they end nobody is called for them', async () => {
  const stage = await stageRoom(test, { quantity: 2, opensInSeconds: 3600 });
  await prepareRooms(test.db.engine.sql);
  const line = await crowd(test, 8);
  await enterSpots(test.db.engine.sql, stage.eventId, line);
  await openSales(test, stage);
  const first = await stepAfter(stage, 1, line);
  expect(first.called).toBe(3);
  const [one, two, three] = admittedOf(first.after).map((spot) => spot.user_id) as [string, string, string];
  await takeOne(stage, one);
  await takeOne(stage, two);
  await leaveSpot(test.db.engine.sql, stage.eventId, three);
  expect((await stepAfter(stage, 5, line)).called).toBe(0);
  const giveBack = () => test.db.engine
    .sql`select ticketing.release_checkout(h.checkout_id, h.user_id) from ticketing.ticket_holds h
    where h.event_id = ${stage.eventId} and h.user_id = ${one} and h.status = 'active'`;
  await giveBack();
  // one place is free, and who had it may take it again: it is nobody else's turn
  expect((await stepAfter(stage, 5, line)).called).toBe(0);
  expect(await takeOne(stage, one)).toMatchObject([{ outcome: 'held' }]);
  await giveBack();
  expect((await stepAfter(stage, 5, line)).called).toBe(0);
  expect((await stepAfter(stage, 301, line)).called).toBe(1);
});

it('two hundred guests of one machine take five of a hundred places out of the line, and everybody else is called at once', async () => {
  const stage = await stageRoom(test, { quantity: 100, opensInSeconds: 3600 });
  await prepareRooms(test.db.engine.sql);
  const machine = await crowd(test, 200);
  const others = await crowd(test, 30);
  const enter = (all: readonly string[], keyOf: (at: number) => string) =>
    enterSpots(
      test.db.engine.sql,
      stage.eventId,
      all,
      all.map((_person, at) => keyOf(at)),
    );
  await enter(machine, () => '7');
  await openSales(test, stage);
  expect((await stepAfter(stage, 1, machine)).called).toBe(5);
  await enter(others, (at) => `${1000 + at}`);
  const all = [...machine, ...others];
  let called = 0;
  for (let second = 0; second < 3; second++) called += (await stepAfter(stage, 1, all)).called;
  expect(called).toBe(30);
  // Over a quarter of an hour it gets five turns, however they end: unused, given up, or with places that came back.
  const mine = (books: Books) => [...books.spots.values()].filter((spot) => spot.address === '7');
  const [one, two] = admittedOf(await readBooks(stage)).filter((spot) => spot.address === '7') as [Spot, Spot];
  await leaveSpot(test.db.engine.sql, stage.eventId, one.user_id);
  await takeOne(stage, two.user_id);
  await test.db.engine.sql`select ticketing.release_checkout(h.checkout_id, h.user_id) from ticketing.ticket_holds h
    where h.event_id = ${stage.eventId} and h.user_id = ${two.user_id}`;
  let after = await readBooks(stage);
  for (let minutes = 0; minutes < 14; minutes += 2) ({ after } = await stepAfter(stage, 120, all));
  expect(mine(after).filter((spot) => spot.admitted !== null)).toHaveLength(5);
  expect((await stepAfter(stage, 120, all)).called).toBe(5);
});

it('seventy people of one network are through in the order of their numbers: each purchase is one turn more', async () => {
  const stage = await stageRoom(test, { quantity: 300, opensInSeconds: 3600 });
  await prepareRooms(test.db.engine.sql);
  const hall = await crowd(test, 70);
  await enterSpots(
    test.db.engine.sql,
    stage.eventId,
    hall,
    hall.map(() => '7'),
  );
  await openSales(test, stage);
  const called: number[] = [];
  const order: number[] = [];
  for (let round = 0; round < 3; round++) {
    called.push(0);
    // Who took places and has not paid yet still has one of the turns.
    for (let seconds = 0; seconds < 15; seconds += 5) {
      const step = await stepAfter(stage, 5, hall);
      called[round] = (called[round] ?? 0) + step.called;
      const turns = admittedOf(step.after).sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
      order.push(...turns.map((spot) => spot.number ?? 0));
      for (const spot of turns) await takeOne(stage, spot.user_id);
    }
    await test.admin`
      with sold as (update ticketing.ticket_holds set status = 'converted', ended_at = clock_timestamp(), address_key = 1
        where event_id = ${stage.eventId} and status = 'active' returning tier_id)
      update ticketing.ticket_tiers t set reserved_quantity = 0, issued_quantity = t.issued_quantity + (select count(*) from sold)
       where t.id = ${stage.tierId}`;
  }
  expect(called).toEqual([15, 30, 25]);
  // their numbers are those of the draw
  expect(order).toEqual(hall.map((_person, at) => at + 1));
});
