import { randomUUID } from 'node:crypto';
import type { Databases } from '@liventix/db/client';
import type postgres from 'postgres';
import { DEMO_DOMAIN } from '../../platform/standing.ts';
import { hashPassword } from '../accounts/passwords.ts';
import { seedRandom } from '../posters/seed-random.ts';
import { type DemoEvent, EVENTS } from './content/events.ts';
import { ORGANIZATIONS } from './content/organizations.ts';
import { CROWD_FIRST, CROWD_LAST, DEMO_PASSWORD, PEOPLE } from './content/people.ts';
import { POSTS, SMALL_TALK } from './content/posts.ts';
import * as sqlOf from './demo.sql.ts';

/** A payment of the past, for the payment simulator's books. */
export interface PastCharge {
  paymentId: string;
  orderId: string;
  cents: number;
  currency: string;
  refundedCents: number;
  /** The provider's id of the refund. */
  refundId?: string;
}

const CROWD = 640;
const HISTORY_DAYS = 30;
const LAPSED_SHARE = 0.08;
const REFUNDED_SHARE = 0.02;
/** Events whose figures are told exactly in the demo's story and therefore get no refunds of their own. */
const EXACT = new Set([4, 8, 13, 23]);

type Sql = postgres.Sql;
interface Buyer extends sqlOf.PersonRow {
  showFirstName: boolean;
}

/**
 * Writes the demo (README.md beside this): people, hosts, events, thirty days of sales and what people said about them.
 * Places, orders, tickets and refunds are made by the product's own functions and then moved back in time, so every
 * invariant holds on it. Idempotent by being done once: returns null when the content is there.
 */
export async function seedDemo(db: Databases): Promise<PastCharge[] | null> {
  const sql = db.engine.sql;
  if (await sqlOf.isSeeded(sql)) return null;
  const random = seedRandom(20_261_122);
  const people = await writePeople(db, random);
  const hosts = await writeHosts(sql, people, random);
  const crowd = [...people.crowd];
  const charges: PastCharge[] = [];
  const eventIds = new Map<number, string>();

  for (const event of EVENTS) {
    const host = hosts.get(event.host);
    if (!host) throw new Error(`no host ${event.host}`);
    const slug = slugOf(event.title);
    const written = await sqlOf.writeEvent(sql, event, { ...host, slug });
    eventIds.set(event.number, written.id);
    charges.push(...(await writeHistory(sql, event, written, crowd, people, random)));
    await sqlOf.settleTimes(sql, written.id, event, written.tiers);
    if (event.admitted) await sqlOf.admitPast(sql, written.id, event.admitted, person(people, 'pia'));
    if (event.askedToBeTold) await sqlOf.writeAlerts(sql, written.id, crowd.slice(-event.askedToBeTold));
  }
  await sqlOf.clearLapses(sql);
  await writeTalk(sql, eventIds, people, random);
  const ids = (numbers: readonly number[]) => numbers.flatMap((number) => eventIds.get(number) ?? []);
  await sqlOf.saveEvents(sql, person(people, 'mara'), ids([7, 17, 18]));
  await sqlOf.saveEvents(sql, person(people, 'ines'), ids([1, 3, 10]));
  await sqlOf.forgetJobs(sql);
  return charges;
}

interface People {
  named: Map<string, Buyer>;
  crowd: Buyer[];
}

const person = (people: People, key: string): string => {
  const found = people.named.get(key);
  if (!found) throw new Error(`no person ${key}`);
  return found.id;
};

async function writePeople(db: Databases, random: () => number): Promise<People> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const crowd = Array.from({ length: CROWD }, (_, index) => {
    const name = `${pick(CROWD_FIRST, random)} ${pick(CROWD_LAST, random)}`;
    return {
      name,
      email: `crowd${index + 1}@${DEMO_DOMAIN}`,
      role: 'attendee',
      settings: { showFirstName: random() < 0.6 },
      passwordHash: null,
    };
  });
  const named = PEOPLE.map((p) => ({
    name: p.name,
    email: p.email,
    role: p.role,
    settings: { showFirstName: p.showFirstName },
    passwordHash,
  }));
  const written = await sqlOf.writePeople(db, [...named, ...crowd]);
  const buyers = written.map((row, index) => ({
    ...row,
    showFirstName: [...named, ...crowd][index]?.settings.showFirstName ?? false,
  }));
  return {
    named: new Map(PEOPLE.map((p, index) => [p.key, buyers[index] as Buyer])),
    crowd: buyers.slice(PEOPLE.length),
  };
}

async function writeHosts(sql: Sql, people: People, random: () => number) {
  const hosts = new Map<DemoEvent['host'], Omit<sqlOf.EventPlace, 'slug'>>();
  for (const key of ['theo', 'ines', 'sam'] as const) {
    hosts.set(key, {
      ownerType: 'user',
      ownerId: person(people, key),
      createdBy: person(people, key),
      feeFixedCents: 0,
    });
  }
  for (const organization of ORGANIZATIONS) {
    const id = await sqlOf.writeOrganization(sql, { ...organization, slug: organization.key });
    for (const member of organization.members)
      await sqlOf.writeMember(sql, id, person(people, member.person), member.role);
    const creator = organization.members[0];
    if (!creator) throw new Error(`${organization.name} has no member`);
    hosts.set(organization.key, {
      ownerType: 'organization',
      ownerId: id,
      createdBy: person(people, creator.person),
      feeFixedCents: organization.feeFixedCents,
    });
    const share = organization.followers / 2100;
    await sqlOf.writeFollowers(sql, 'organization', id, [
      person(people, 'ines'),
      ...people.crowd.filter(() => random() < share).map((buyer) => buyer.id),
    ]);
  }
  await sqlOf.writeFollowers(sql, 'user', person(people, 'theo'), [person(people, 'ines'), person(people, 'mara')]);
  return hosts;
}

/** The named people's own tickets: Mara has three coming events and one past. */
const OWN_TICKETS: Record<number, readonly [key: string, quantity: number][]> = {
  1: [
    ['sol', 1],
    ['kassel', 1],
  ],
  2: [['ada', 2]],
  3: [
    ['mara', 2],
    ['ines', 1],
  ],
  5: [
    ['mara', 1],
    ['tom', 2],
  ],
  7: [
    ['ravi', 1],
    ['lena', 2],
  ],
  8: [['mara', 1]],
  10: [
    ['ines', 2],
    ['cleo', 1],
  ],
  14: [['ravi', 1]],
  15: [
    ['yuki', 1],
    ['ines', 1],
  ],
  16: [['noor', 1]],
  22: [
    ['ada', 1],
    ['mara', 1],
    ['emil', 1],
    ['lena', 1],
    ['sol', 1],
    ['ines', 1],
  ],
};

/** Sells the event's tiers to the crowd and spreads the sales over the last thirty days. */
async function writeHistory(
  sql: Sql,
  event: DemoEvent,
  written: { id: string; tiers: string[] },
  crowd: readonly Buyer[],
  people: People,
  random: () => number,
): Promise<PastCharge[]> {
  const checkouts: { line: sqlOf.Line; buyer: Buyer; lapses: boolean }[] = [];
  const queue = shuffled(crowd, random);
  const used = new Set<string>();
  const nextBuyer = (): Buyer => {
    const buyer = queue.find((candidate) => !used.has(candidate.id));
    if (!buyer) throw new Error('the crowd is too small');
    queue.splice(queue.indexOf(buyer), 1);
    used.add(buyer.id);
    return buyer;
  };
  const own = [...(OWN_TICKETS[event.number] ?? [])];
  for (const [index, tier] of event.tiers.entries()) {
    const tierId = written.tiers[index] as string;
    let left = tier.sold;
    while (left > 0) {
      const named = index === 0 || own.length > 0 ? own.shift() : undefined;
      const buyer = named ? people.named.get(named[0]) : nextBuyer();
      if (!buyer) throw new Error('a buyer is missing');
      const quantity = Math.min(left, event.number === 4 ? 1 : (named?.[1] ?? size(random)));
      checkouts.push({ line: { checkoutId: randomUUID(), tierId, userId: buyer.id, quantity }, buyer, lapses: false });
      left -= quantity;
    }
  }
  const paid = checkouts.length;
  const lapses = event.number === 4 ? 24 : Math.min(Math.round(paid * LAPSED_SHARE), 40);
  for (let n = 0; n < lapses && queue.length > 0; n++) {
    const tierIndex = event.tiers.findIndex((tier) => tier.sold < tier.quantity);
    if (tierIndex < 0) break;
    const buyer = nextBuyer();
    checkouts.push({
      line: { checkoutId: randomUUID(), tierId: written.tiers[tierIndex] as string, userId: buyer.id, quantity: 1 },
      buyer,
      lapses: true,
    });
  }
  if (checkouts.length === 0) return [];

  // Lapses first, one small batch after another, so that they never take the last places.
  const ages = spread(checkouts.length, event, random);
  for (const part of chunks(
    checkouts.filter((c) => c.lapses),
    4,
  )) {
    await sqlOf.takePlaces(
      sql,
      part.map((c) => c.line),
    );
    await sqlOf.writeOrders(sql, part.map(orderOf));
    await sqlOf.letLapse(
      sql,
      part.map((c) => c.line.checkoutId),
    );
  }
  const charges: PastCharge[] = [];
  for (const part of chunks(
    checkouts.filter((c) => !c.lapses),
    200,
  )) {
    await sqlOf.takePlaces(
      sql,
      part.map((c) => c.line),
    );
    await sqlOf.writeOrders(sql, part.map(orderOf));
    const due = await sqlOf.readCharges(
      sql,
      part.map((c) => c.line.checkoutId),
    );
    await sqlOf.completeOrders(sql, due);
    for (const charge of due) {
      if (charge.paymentId)
        charges.push({
          paymentId: charge.paymentId,
          orderId: charge.orderId,
          cents: charge.cents,
          currency: charge.currency,
          refundedCents: 0,
        });
    }
  }
  await sqlOf.ageCheckouts(
    sql,
    checkouts.map((c, index) => ({ checkoutId: c.line.checkoutId, seconds: ages[index] ?? 3600 })),
  );
  await sqlOf.markMailed(
    sql,
    checkouts.map((c) => c.line.checkoutId),
  );
  await refundSome(sql, event, checkouts, charges, people, random);
  return charges;
}

/** Two in a hundred change their mind; their places are sold again, so that the story's figures stand. */
async function refundSome(
  sql: Sql,
  event: DemoEvent,
  checkouts: readonly { line: sqlOf.Line; buyer: Buyer; lapses: boolean }[],
  charges: PastCharge[],
  people: People,
  random: () => number,
): Promise<void> {
  if (EXACT.has(event.number) || event.day < 0 || charges.length < 25) return;
  const named = new Set([...people.named.values()].map((buyer) => buyer.id));
  const orders = new Map(charges.map((charge) => [charge.orderId, charge]));
  const chosen = shuffled([...orders.values()], random).slice(0, Math.round(charges.length * REFUNDED_SHARE));
  const due = await sqlOf.readCharges(
    sql,
    checkouts.filter((c) => !c.lapses && !named.has(c.buyer.id)).map((c) => c.line.checkoutId),
  );
  const allowed = new Set(due.map((charge) => charge.orderId));
  const refunded = await sqlOf.refundOrders(
    sql,
    chosen.filter((c) => allowed.has(c.orderId)).map((c) => c.orderId),
    person(people, 'jonas'),
  );
  for (const refund of refunded) {
    const charge = charges.find((candidate) => candidate.paymentId === refund.paymentId);
    if (!charge) continue;
    charge.refundedCents = refund.cents;
    charge.refundId = refund.refundId;
  }
  // the same number of places, sold to the next in line
  const wanted = await sqlOf.freedPlaces(
    sql,
    checkouts.map((c) => c.line.checkoutId),
  );
  const spare = shuffled(people.crowd, random).filter((buyer) => !checkouts.some((c) => c.buyer.id === buyer.id));
  const lines = wanted.map((freed, index) => ({
    checkoutId: randomUUID(),
    tierId: freed.tierId,
    userId: (spare[index] as Buyer).id,
    quantity: freed.quantity,
  }));
  if (lines.length === 0) return;
  await sqlOf.takePlaces(sql, lines);
  await sqlOf.writeOrders(
    sql,
    lines.map((line, index) => orderOf({ line, buyer: spare[index] as Buyer })),
  );
  const more = await sqlOf.readCharges(
    sql,
    lines.map((line) => line.checkoutId),
  );
  await sqlOf.completeOrders(sql, more);
  await sqlOf.markMailed(
    sql,
    lines.map((line) => line.checkoutId),
  );
  await sqlOf.ageCheckouts(
    sql,
    lines.map((line) => ({ checkoutId: line.checkoutId, seconds: 3600 + random() * 86_400 })),
  );
  for (const charge of more)
    if (charge.paymentId) charges.push({ ...charge, paymentId: charge.paymentId, refundedCents: 0 });
}

async function writeTalk(sql: Sql, eventIds: Map<number, string>, people: People, random: () => number): Promise<void> {
  for (const post of POSTS) {
    const eventId = eventIds.get(post.event);
    if (!eventId) continue;
    const media = Array.from({ length: post.photos ?? 0 }, (_, index) => `/media/motif/${eventId}/${index + 1}.webp`);
    const postId = await sqlOf.writePost(sql, {
      eventId,
      authorId: person(people, post.author),
      text: post.text,
      media,
      asHost: post.asHost ?? false,
      pinned: post.pinned ?? false,
      minutesAgo: post.minutesAgo,
    });
    await sqlOf.writeLikes(
      sql,
      postId,
      shuffled(people.crowd, random)
        .slice(0, post.likes)
        .map((buyer) => buyer.id),
    );
    const answers = [...(post.answers ?? [])];
    const visible = answers.filter((answer) => !answer.hidden).length;
    const keys = [...people.named.keys()].filter((key) => key !== 'admin');
    while (answers.filter((answer) => !answer.hidden).length < Math.max(visible, post.comments)) {
      answers.push({ author: pick(keys, random), text: pick(SMALL_TALK, random) });
    }
    for (const [index, answer] of answers.entries()) {
      const minutesAgo = Math.max(1, Math.round(post.minutesAgo * (1 - (index + 1) / (answers.length + 1))));
      await sqlOf.writeComment(sql, {
        postId,
        userId: person(people, answer.author),
        text: answer.text,
        minutesAgo,
        hiddenReason: answer.hidden ?? null,
      });
    }
  }
}

const orderOf = (c: { line: sqlOf.Line; buyer: Buyer }) => ({
  checkoutId: c.line.checkoutId,
  userId: c.buyer.id,
  email: c.buyer.email,
  name: c.buyer.name,
  showFirstName: c.buyer.showFirstName,
});

/** One to four tickets, mostly two. */
const size = (random: () => number): number => [1, 1, 2, 2, 2, 2, 3, 4][Math.floor(random() * 8)] ?? 2;

/** Seconds ago for each sale: a first rush, evenings over mornings, a lull, a last rise. */
function spread(count: number, event: DemoEvent, random: () => number): number[] {
  const over = Math.max(0, -event.day);
  return Array.from({ length: count }, () => {
    const x = random();
    const daysAgo =
      x < 0.22 ? HISTORY_DAYS - random() * 0.15 : x < 0.7 ? random() ** 0.9 * HISTORY_DAYS : random() ** 2 * 6;
    const evening = random() < 0.7 ? 0 : random() * 0.4;
    return (over + daysAgo + evening) * 86_400 + 600 + random() * 3600;
  });
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

function chunks<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, index) =>
    list.slice(index * most, (index + 1) * most),
  );
}

const slugOf = (title: string): string =>
  title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
