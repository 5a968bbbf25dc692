import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { createWorkThread, type WorkThread } from '../../platform/work-thread.ts';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { mailTickets } from '../tickets/mail-tickets.ts';
import { drawFor } from './draw.ts';

const openLane = (options: { atOnce?: number; waitMost?: number; ofOneMost?: number }) =>
  createWorkThread({
    file: new URL('./drawings.test-data.ts', import.meta.url),
    log: createLog({ level: 'silent' }),
    ...options,
  });
const documents = openLane({ ofOneMost: 4 });
const pictures = openLane({ atOnce: 2, waitMost: 1 });
let app: TestApp;
let userId: string;

beforeAll(async () => {
  app = await createTestApp({
    drawings: { documents, pictures },
    feed: false,
    simulators: false,
    env: { TRUST_PROXY: 1 },
  });
  await app.admin`insert into jobs.tasks (name) values ('orders.after-payment') on conflict do nothing`;
  userId = (await app.signUp({ name: 'Theo' })).userId;
});
afterAll(async () => {
  await app.close();
  await Promise.all([documents.close(), pictures.close()]);
});
beforeEach(() => app.services.limits.clear());

async function makeEvent(title: string): Promise<string> {
  const [event] = await app.admin<{ id: string }[]>`
    insert into events.events (title, venue, city, owner_context_id, created_by, status, start_at, doors_at)
    values (${title}, 'Kesselhaus', 'Berlin', ${userId}, ${userId}, 'published', clock_timestamp() + interval '2 hours', clock_timestamp() + interval '1 hour')
    returning id`;
  return event?.id ?? '';
}

async function askPoster(title: string): Promise<Response> {
  const eventId = await makeEvent(title);
  return app.visitor().fetch(`/posters/${eventId}.webp?w=270`, { headers: { accept: 'application/json' } });
}

/** Holds the thread up until the gate is opened. */
function holdThread(thread: WorkThread): { held: Promise<unknown>; open(): void } {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const open = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  return { held: thread.run('hold', { gate }, ['requests', '192.0.2.1', 'Theo']), open };
}

/** A buyer at her own address with tickets of an event of her own, whose art is drawn. */
async function buyerOf(title: string, from: string, quantity: number) {
  const eventId = await makeEvent(title);
  const buyer = await app.guest();
  const buyerId = (await buyer.actor())?.userId ?? '';
  const [tier] = await app.admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'Floor', 0, 50) returning id`;
  const { sql } = app.db.engine;
  const checkoutId = randomUUID();
  await sql`select ticketing.reserve_batch(array[${checkoutId}]::uuid[], array[${tier?.id ?? ''}]::uuid[], array[${buyerId}]::uuid[], array[${quantity}]::int[])`;
  const [made] = await sql<{ order: { orderId: string } }[]>`
    select ticketing.create_order(${checkoutId}, ${buyerId}, ${`${randomUUID()}@example.test`}, 'Mara Lind') as order`;
  const orderId = made?.order.orderId ?? '';
  const [done] = await sql<{ result: { tickets: { id: string }[] } }[]>`
    select ticketing.complete_order_atomic(${orderId}, null, null) as result`;
  const ticketIds = done?.result.tickets.map(({ id }) => id) ?? [];
  return { orderId, ticketIds, ask: (path: string) => ask(buyer, from, path) };
}

const ask = (who: Visitor, from: string, path: string): Promise<Response> =>
  who.fetch(path, { headers: { accept: 'application/json', 'x-forwarded-for': from } });

describe('drawing', () => {
  it('lets the server answer others meanwhile', async () => {
    const { held, open } = holdThread(pictures);
    let drawn = false;
    const poster = askPoster('Moth Season').finally(() => {
      drawn = true;
    });
    expect((await app.visitor().fetch('/healthz')).status).toBe(200);
    expect(await app.visitor().api.accounts.me()).toBeDefined();
    expect(drawn).toBe(false);
    open();
    await held;
    const answer = await poster;
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });

  it('that kills its thread is answered with WORK_LOST, and the next drawing works', async () => {
    const lost = await askPoster('Fatal');
    expect([lost.status, lost.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await lost.json()).toMatchObject({ code: 'WORK_LOST' });
    expect((await askPoster('Velvet Static')).status).toBe(200);
  });

  it('is refused with BUSY when too many drawings wait, and works again when they are done', async () => {
    const gates = [holdThread(pictures), holdThread(pictures), holdThread(pictures)];
    const refused = await askPoster('Paper Lanterns');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ code: 'BUSY' });
    for (const gate of gates) gate.open();
    await Promise.all(gates.map((gate) => gate.held));
    expect((await askPoster('Paper Lanterns')).status).toBe(200);
  });
});

describe("a buyer's document", () => {
  it('never waits for pictures, its own art included', async () => {
    const mara = await buyerOf('Moth Season in May', '198.51.100.1', 2);
    const ines = await app.signUp({ name: 'Ines', verified: true });
    const gates = [holdThread(pictures), holdThread(pictures)];
    let uploaded = false;
    const body = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#a33' } })
      .png()
      .toBuffer();
    const upload = ines.fetch('/uploads/photos', { method: 'POST', body: new Uint8Array(body) }).finally(() => {
      uploaded = true;
    });
    for (const path of [`/orders/${mara.orderId}/tickets.pdf`, `/orders/${mara.orderId}/receipt.pdf`])
      expect((await mara.ask(path)).status).toBe(200);
    await mailTickets(app.work(), { orderId: mara.orderId }, 'test');
    expect(app.mails.at(-1)?.attachments).toHaveLength(1);
    expect(uploaded).toBe(false);
    for (const gate of gates) gate.open();
    expect((await upload).status).toBe(201);
  });

  it('is next in turn beside a pile of another address, and the pile is bounded; so is a mail’s', async () => {
    const mallory = await buyerOf('Pile', '198.51.100.7', 7);
    const mara = await buyerOf('Hers', '198.51.100.8', 6);
    // Draws the art, which is kept.
    for (const { ask, ticketIds } of [mallory, mara]) await ask(`/tickets/${ticketIds[0]}.pdf`);
    await documents.run('printed', null);

    const gate = holdThread(documents);
    /** Asks for each of her other tickets; those beyond four are refused while the thread is still held, so four wait. */
    const pile = async ({ ask, ticketIds }: typeof mara): Promise<Promise<number>[]> => {
      const asked = ticketIds.slice(1).map((id) => ask(`/tickets/${id}.pdf`));
      const refused = new Set<string | null>();
      await new Promise<void>((resolve) => {
        let left = asked.length - 4;
        for (const one of asked)
          void one.then((answer) => {
            if (answer.status === 503) refused.add(answer.headers.get('retry-after'));
            if (answer.status === 503 && --left === 0) resolve();
          });
      });
      expect(refused).toEqual(new Set(['5']));
      return asked.map(async (one) => (await one).status);
    };
    const hers = [...(await pile(mallory)), ...(await pile(mara))];
    const mailed = drawFor(app.work())('tickets', { event: { title: 'Mailed' } } as never).catch(() => 'drawn');
    gate.open();
    expect((await Promise.all(hers)).sort()).toEqual([...Array(8).fill(200), ...Array(3).fill(503)]);
    await mailed;
    expect(((await documents.run('printed', null)) as string[]).slice(0, 4)).toEqual([
      'Pile',
      'Mailed',
      'Hers',
      'Pile',
    ]);
  });

  it('is drawn once for who asks again within the minute', async () => {
    const mara = await buyerOf('Once', '198.51.100.3', 1);
    await documents.run('printed', null);
    const path = `/orders/${mara.orderId}/tickets.pdf`;
    const [one, two] = await Promise.all([mara.ask(path), mara.ask(path)]);
    expect(Buffer.from(await one.arrayBuffer()).equals(Buffer.from(await two.arrayBuffer()))).toBe(true);
    expect(await documents.run('printed', null)).toEqual(['Once']);
  });
});
