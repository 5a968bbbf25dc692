/** An on-sale rehearsal: buyers with sessions of their own press at once, pay by the simulator, and tell what they felt. */
import { randomUUID } from 'node:crypto';
import type { Databases } from '@liventix/db/client';
import { checkInvariants } from '@liventix/db/invariants';
import { uuidV7 } from '../bench/hot-tier.ts';
import { type Lane, openLane, postOf } from '../bench/http-lane.ts';
import type { CrowdInput, Heard } from '../bench/sockets/crowd-process.ts';
import { stageSessions } from '../bench/stage-sessions.ts';
import { type Child, startChild } from '../bench/start-child.ts';

export interface RehearsalInput {
  /** Where the server is, on this machine. */
  port: number;
  /** The name it goes by in the browser's address bar. */
  publicUrl: string;
  /** The key sessions are signed with. */
  secret: string;
  db: Databases;
  buyers: number;
  places: number;
  sockets: number;
  say?(line: string): void;
}

export type End = 'ticket' | 'refused' | 'busy';

export interface Felt {
  count: number;
  p50: number;
  p99: number;
}

export interface Rehearsal {
  /** How each buyer ended; the counts add up to the buyers. */
  ends: Record<End, number>;
  /** Why those without a ticket were refused. */
  reasons: Record<string, number>;
  felt: Record<
    'press to hold' | 'press to refusal' | 'form to payment' | 'payment to ticket' | 'change to screen',
    Felt
  >;
  /** Answers by status, over everything that was asked. */
  answers: Record<string, number>;
  /** 503 with a time to come again, which the buyer did. */
  retried: number;
  /** Answers of 5xx that were not such a 503, and what they said. */
  failures: string[];
  stock: { quantity: number; issued: number; reserved: number; tickets: number };
  sockets: { open: number; frames: number; lost: number };
  /** Broken invariants; none in a healthy product. */
  broken: string[];
  seconds: number;
}

const LANES_MOST = 1000;
const TRIES_MOST = 30;
const TICKET_MOST_MS = 60_000;
const LOOK_EVERY_MS = 25;
const SIGN_UP_AT_ONCE = 5000;

interface Buyer {
  userId: string;
  cookie: string;
  address: string;
}

export async function rehearse(input: RehearsalInput): Promise<Rehearsal> {
  const { db, buyers: count, places, say = () => {} } = input;
  const stage = await stageEvent(db, places);
  const buyers = await signIn(input, count);
  say(`${count} buyers are signed in, ${places} places are on sale`);
  const crowd = await openSockets(input, stage.eventId, buyers);
  say(`${crowd.open} sockets watch`);
  const books = new Books();
  const lanes = new Lanes(input.port);
  await lanes.open(Math.min(count, LANES_MOST));
  const truth = watchTruth(db, stage.eventId);
  const since = performance.now();
  const ends = await Promise.all(
    buyers.map((buyer) => buy({ ...input, ...stage, buyer, books, ask: (request) => lanes.ask(request) })),
  );
  const seconds = (performance.now() - since) / 1000;
  const changes = await truth.stop();
  lanes.close();
  const heard = await crowd.close();
  const [stock] = await db.engine.sql<Rehearsal['stock'][]>`
    select t.quantity, t.issued_quantity as issued, t.reserved_quantity as reserved,
           (select count(*)::int from ticketing.tickets k where k.tier_id = t.id and k.status <> 'refunded') as tickets
      from ticketing.ticket_tiers t where t.id = ${stage.tierId}`;
  const broken = (await checkInvariants(db.engine.sql)).filter((each) => each.violations > 0).map((each) => each.name);
  return {
    ends: { ticket: 0, refused: 0, busy: 0, ...tally(ends) } as Record<End, number>,
    reasons: books.reasons,
    felt: {
      'press to hold': feltOf(books.times.hold),
      'press to refusal': feltOf(books.times.refusal),
      'form to payment': feltOf(books.times.form),
      'payment to ticket': feltOf(books.times.ticket),
      'change to screen': feltOf(onScreen(heard.rows, changes)),
    },
    answers: books.answers,
    retried: books.retried,
    failures: books.failures,
    stock: stock as Rehearsal['stock'],
    sockets: { open: crowd.open, frames: heard.frames, lost: heard.lost },
    broken,
    seconds,
  };
}

class Books {
  readonly times = { hold: [] as number[], refusal: [] as number[], form: [] as number[], ticket: [] as number[] };
  readonly reasons: Record<string, number> = {};
  readonly answers: Record<string, number> = {};
  readonly failures: string[] = [];
  retried = 0;
}

/** Keep-alive connections; who finds none free waits, and that wait is felt. */
class Lanes {
  #port: number;
  #free: Lane[] = [];
  #waiting: ((lane: Lane) => void)[] = [];
  constructor(port: number) {
    this.#port = port;
  }
  async open(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += 100)
      this.#free.push(
        ...(await Promise.all(Array.from({ length: Math.min(100, count - opened) }, () => openLane(this.#port)))),
      );
  }
  async ask(request: Buffer) {
    const lane = this.#free.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    let next: Lane | null = lane;
    try {
      return await lane.ask(request);
    } catch {
      // An idle connection that the server had just let go of: nothing was asked yet, or the same ids make it a replay.
      lane.close();
      next = await openLane(this.#port);
      return await next.ask(request);
    } finally {
      const waiting = this.#waiting.shift();
      if (waiting) waiting(next);
      else this.#free.push(next);
    }
  }
  close(): void {
    for (const lane of this.#free) lane.close();
  }
}

interface Trip extends RehearsalInput {
  eventId: string;
  tierId: string;
  buyer: Buyer;
  books: Books;
  ask(request: Buffer): Promise<{ status: number; body: string }>;
}

class Ended extends Error {
  constructor(
    readonly end: 'refused' | 'busy',
    readonly code: string,
  ) {
    super(code);
  }
}

/** One buyer from the press of the button to a ticket, or to a reason why not. */
async function buy(trip: Trip): Promise<End> {
  const { books, buyer, eventId, tierId } = trip;
  const checkoutId = uuidV7();
  const pressed = performance.now();
  let held = false;
  try {
    await call(trip, 'holds.place', { eventId, checkoutId, lines: [{ tierId, quantity: 1 }] });
    held = true;
    books.times.hold.push(performance.now() - pressed);
    const form = performance.now();
    const view = await call<{ order: { id: string } }>(trip, 'orders.create', {
      checkoutId,
      email: `${buyer.userId}@example.org`,
      name: 'Rehearsal',
      showFirstName: false,
    });
    const orderId = view.order.id;
    const { clientSecret } = await call<{ clientSecret: string }>(trip, 'payments.start', { orderId });
    books.times.form.push(performance.now() - form);
    const paying = performance.now();
    await pay(trip, clientSecret.split('_secret_')[0] as string);
    // As the browser does when the card form closes: the return page asks, then looks until it shows the ticket.
    for (const deadline = performance.now() + TICKET_MOST_MS; ; ) {
      const { state } = await call<{ state: string }>(trip, 'payments.sync', { orderId });
      if (state === 'paid') break;
      if (performance.now() > deadline) throw new Ended('refused', `PAID_BUT_${state.toUpperCase()}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    books.times.ticket.push(performance.now() - paying);
    return 'ticket';
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    books.reasons[error.code] = (books.reasons[error.code] ?? 0) + 1;
    if (!held) books.times.refusal.push(performance.now() - pressed);
    return error.end;
  }
}

/** The tRPC wire with superjson; what we read of it is plain JSON. */
interface Wire<T> {
  result?: { data: { json: T } };
  error?: { json: { data: { code: string; retryAfterSeconds?: number } } };
}

async function call<T>(trip: Trip, procedure: string, json: unknown): Promise<T> {
  const { books, buyer, port, publicUrl } = trip;
  const request = postOf(port, `/trpc/${procedure}`, buyer.cookie, json, {
    origin: new URL(publicUrl).origin,
    'x-forwarded-for': buyer.address,
  });
  for (let attempt = 1; ; attempt++) {
    const { status, body } = await trip.ask(request);
    books.answers[status] = (books.answers[status] ?? 0) + 1;
    const answer = JSON.parse(body) as Wire<T>;
    if (status === 200 && answer.result) return answer.result.data.json;
    const data = answer.error?.json.data ?? { code: `HTTP_${status}` };
    const again = data.retryAfterSeconds;
    if (status >= 500 && !(status === 503 && again !== undefined))
      books.failures.push(`${procedure} ${status} ${body.slice(0, 300)}`);
    if (status !== 503 && status !== 429) throw new Ended('refused', data.code);
    if (again === undefined || attempt === TRIES_MOST) throw new Ended(status === 503 ? 'busy' : 'refused', data.code);
    books.retried++;
    await new Promise((resolve) => setTimeout(resolve, again * 1000 * (0.75 + Math.random() / 2)));
  }
}

async function pay(trip: Trip, intent: string): Promise<void> {
  const body = JSON.stringify({ intent, card: '4242424242424242' });
  const lines = [
    'POST /simulators/stripe/controls/pay HTTP/1.1',
    `host: 127.0.0.1:${trip.port}`,
    `origin: ${new URL(trip.publicUrl).origin}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const { status, body: said } = await trip.ask(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
  if (status !== 200) throw new Error(`the payment simulator answered ${status}: ${said.slice(0, 300)}`);
}

async function stageEvent(db: Databases, places: number): Promise<{ eventId: string; tierId: string }> {
  const [host] = await newPeople(db, 1);
  return db.engine.transaction(async (_tx, sql) => {
    const slug = `rehearsal-${randomUUID().slice(0, 8)}`;
    await sql`
      insert into public.profiles (id, email, display_name) values (${host as string}, ${`${host}@example.org`}, 'Rehearsal')
      on conflict (id) do nothing`;
    const [event] = await sql<{ id: string }[]>`
      insert into events.events (title, slug, city, venue, owner_context_id, created_by, start_at, status, visibility)
      values ('Rehearsal', ${slug}, 'Berlin', 'Kraftraum Ost', ${host as string}, ${host as string}, now() + interval '30 days', 'published', 'public')
      returning id`;
    const eventId = event?.id ?? '';
    const [tier] = await sql<{ id: string }[]>`
      insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'General Admission', 2000, ${places}) returning id`;
    return { eventId, tierId: tier?.id ?? '' };
  });
}

/** Only the sign-in's own login may write accounts and sessions, here as there. */
async function newPeople({ auth }: Databases, count: number): Promise<string[]> {
  const rows = await auth.sql<{ id: string }[]>`
    insert into auth.users (name, email, email_verified)
    select 'Rehearsal', 'rehearsal-' || public.uuid_v7() || '@example.org', true from generate_series(1, ${count}::int) returning id`;
  return rows.map((row) => row.id);
}

async function signIn({ db, secret, publicUrl }: RehearsalInput, count: number): Promise<Buyer[]> {
  const buyers: Buyer[] = [];
  while (buyers.length < count) {
    const ids = await newPeople(db, Math.min(SIGN_UP_AT_ONCE, count - buyers.length));
    const cookies = await stageSessions(db.auth.sql, ids, { secret, publicUrl });
    for (const [index, userId] of ids.entries()) {
      const n = buyers.length;
      // Addresses for documentation and private use: nobody's, and one each.
      buyers.push({
        userId,
        cookie: cookies[index] as string,
        address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
      });
    }
  }
  return buyers;
}

async function openSockets(input: RehearsalInput, eventId: string, buyers: readonly Buyer[]) {
  const count = Math.min(input.sockets, buyers.length);
  if (count === 0)
    return { open: 0, close: async (): Promise<Heard> => ({ frames: 0, rows: new Float64Array(), lost: 0 }) };
  const child: Child = await startChild('tests/bench/sockets/crowd-process.ts');
  const open = await child.ask<number>(
    'open',
    {
      port: input.port,
      count,
      first: 0,
      room: { kind: 'event', id: eventId },
      real: false,
      mark: 'version',
      origin: new URL(input.publicUrl).origin,
      guests: buyers.slice(0, count).map(({ cookie, address }) => ({ cookie, address })),
    } satisfies CrowdInput,
    300_000,
  );
  await child.ask('listen');
  return {
    open,
    close: async (): Promise<Heard> => {
      const heard = await child.ask<Heard>('tell');
      await child.stop();
      return heard;
    },
  };
}

interface Change {
  version: number;
  at: number;
}

/** Looks at the database's own number (events.sql.ts: the rows' versions times 64) again and again: what the screens should show, and since when at the latest. */
function watchTruth(db: Databases, eventId: string): { stop(): Promise<Change[]> } {
  const changes: Change[] = [];
  let going = true;
  const looking = (async () => {
    let known = 0;
    while (going) {
      const at = Number(process.hrtime.bigint()) / 1e6;
      const [row] = await db.engine.sql<{ version: string }[]>`
        select (e.version + (select sum(t.version) from ticketing.ticket_tiers t where t.event_id = e.id)) * 64 as version
          from events.events e where e.id = ${eventId}`;
      const version = Number(row?.version);
      if (version > known && known > 0) changes.push({ version, at });
      known = version;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      going = false;
      await looking;
      return changes;
    },
  };
}

/** For each socket and each change: how long until it had a snapshot at least as new. */
function onScreen(rows: Float64Array, changes: readonly Change[]): number[] {
  const bySocket = new Map<number, Change[]>();
  for (let row = 0; row < rows.length; row += 3) {
    const socket = rows[row] as number;
    const heard = bySocket.get(socket) ?? [];
    heard.push({ version: rows[row + 1] as number, at: rows[row + 2] as number });
    bySocket.set(socket, heard);
  }
  const times: number[] = [];
  for (const heard of bySocket.values()) {
    let next = 0;
    for (const change of changes) {
      while (next < heard.length && (heard[next] as Change).version < change.version) next++;
      const seen = heard[next];
      if (seen) times.push(Math.max(0, seen.at - change.at));
    }
  }
  return times;
}

function feltOf(times: number[]): Felt {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
}

function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** What must hold, in sentences; empty when the rehearsal went as it must. */
export function complaintsOf(result: Rehearsal, { buyers, places }: { buyers: number; places: number }): string[] {
  const { ends, stock } = result;
  const complaints: string[] = [];
  const expected = Math.min(places, buyers);
  const taken = stock.issued + stock.reserved;
  if (taken > stock.quantity) complaints.push(`oversold by ${taken - stock.quantity}`);
  if (taken !== expected) complaints.push(`${taken} places are issued or held, not ${expected}`);
  if (stock.tickets !== stock.issued)
    complaints.push(`${stock.issued} places are counted as issued, ${stock.tickets} tickets exist`);
  if (ends.ticket !== stock.tickets) complaints.push(`${ends.ticket} buyers saw a ticket, ${stock.tickets} exist`);
  const ended = ends.ticket + ends.refused + ends.busy;
  if (ended !== buyers) complaints.push(`${ended} buyers came to an end, not ${buyers}`);
  if (result.failures.length > 0)
    complaints.push(`${result.failures.length} answers of 5xx, first: ${result.failures[0]}`);
  if (result.sockets.lost > 0) complaints.push(`${result.sockets.lost} sockets were lost`);
  for (const name of result.broken) complaints.push(`broken: ${name}`);
  return complaints;
}
