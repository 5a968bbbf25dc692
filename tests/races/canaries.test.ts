import { randomUUID } from 'node:crypto';
import { type ApiError, createTestApp, type LiveSocket, type TestApp, type Visitor } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());

type Display = 'exact' | 'low_only' | 'hidden';

interface Stock {
  quantity: number;
  issued: number;
  reserved: number;
}

// Figures that come from nowhere else, large ones for the bytes of a page. Each sum and difference would give one away.
const LARGE: Stock = { quantity: 79_193_117, issued: 31_013_579, reserved: 11_927_741 };
const figuresOf = ({ quantity, issued, reserved }: Stock): number[] => [
  quantity,
  issued,
  reserved,
  quantity - issued,
  quantity - issued - reserved,
  issued + reserved,
  quantity - reserved,
];

interface Staged {
  id: string;
  slug: string;
  host: string;
  tierId: string;
}

async function stage(display: Display, { quantity, issued, reserved }: Stock): Promise<Staged> {
  const mark = randomUUID().slice(0, 8);
  const title = `Canary ${mark}`;
  const [owner] = await app.admin<{ id: string }[]>`
    insert into auth.users (name, email) values ('Theo', ${`${mark}@example.test`}) returning id`;
  const [host] = await app.admin<{ id: string; slug: string }[]>`
    insert into organizations.organizations (name, slug) values (${title}, ${`canary-${mark}`}) returning id, slug`;
  const [event] = await app.admin<{ id: string; slug: string }[]>`
    insert into events.events (title, city, start_at, status, visibility, availability_display, max_per_person, owner_context_type, owner_context_id, created_by)
    values (${title}, 'Berlin', clock_timestamp() + interval '3 days', 'published', 'public', ${display}, 50, 'organization', ${host?.id as string}, ${owner?.id as string})
    returning id, slug`;
  const [tier] = await app.admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, issued_quantity, reserved_quantity, max_per_order)
    values (${event?.id as string}, 'Floor', 1500, ${quantity}, ${issued}, ${reserved}, 50) returning id`;
  return {
    id: event?.id as string,
    slug: event?.slug as string,
    host: host?.slug as string,
    tierId: tier?.id as string,
  };
}

/** What a refused hold answers, byte by byte. */
async function refusalOf(visitor: Visitor, { id, tierId }: Staged, quantity: number): Promise<string> {
  const input = { eventId: id, checkoutId: randomUUID(), lines: [{ tierId, quantity }] };
  const response = await visitor.post('/trpc/holds.place', { json: input });
  expect(response.status).toBe(409);
  return response.text();
}

/** Everything a buyer can ask about an event, and everything her socket is told while its stock moves. */
async function everythingSaid(staged: Staged): Promise<string> {
  const { id, slug, host, tierId } = staged;
  const mara = await app.guest();
  const { userId } = (await mara.actor()) as { userId: string };
  const socket: LiveSocket = await mara.socket();
  const frames: string[] = [];
  socket.io.io.engine.on('packet', (packet: { data?: unknown }) => void frames.push(String(packet.data)));

  const checkoutId = randomUUID();
  const joins = [await socket.join('event', id), await socket.join('feed', id), await socket.join('user', userId)];
  const held = await mara.api.holds.place({ eventId: id, checkoutId, lines: [{ tierId, quantity: 1 }] });
  joins.push(await socket.join('order', checkoutId));
  await socket.next((one) => one.kind === 'event' && one.id === id);
  const order = await mara.api.orders.checkout({ checkoutId });
  await mara.api.holds.release({ checkoutId });
  await socket.next((one) => one.kind === 'order' && (one.data as { state: string }).state === 'released');
  await mara.api.events.save({ eventId: id });
  await app.admin`update ticketing.ticket_tiers set description = 'moved' where id = ${tierId}`;
  await socket.settle();

  const answers = [
    held,
    order,
    ...(await Promise.all([
      mara.api.events.bySlug({ slug }),
      mara.api.events.discover({ q: host }),
      mara.api.events.movingNow({}),
      mara.api.events.categories({}),
      mara.api.events.cities(),
      mara.api.events.host({ slug: host }),
      mara.api.events.saved(),
      mara.api.feed.posts({ eventId: id }),
      mara.api.live.snapshot({ kind: 'event', id }),
      mara.api.live.snapshot({ kind: 'feed', id }),
      mara.api.live.snapshot({ kind: 'user', id: userId }),
      mara.api.live.snapshot({ kind: 'order', id: checkoutId }),
      mara.api.holds.current({ eventId: id }),
      mara.api.orders.mine(),
      mara.api.tickets.mine(),
      mara.api.accounts.export().catch((error: ApiError) => error.data),
      app.visitor().api.events.bySlug({ slug }),
    ])),
  ];
  const files = await Promise.all(
    [`/events/${slug}/calendar.ics`, '/sitemap.xml', `/posters/${id}.webp?w=270`, `/posters/${id}/share.png`].map(
      async (path) => {
        const response = await mara.fetch(path);
        return `${JSON.stringify([...response.headers])}${Buffer.from(await response.arrayBuffer()).toString('latin1')}`;
      },
    ),
  );
  socket.close();
  return [JSON.stringify([joins, answers, socket.heard]), ...frames, ...files].join('\n');
}

describe.each(['hidden', 'low_only'] as const)('figures of an event that shows %s', (display) => {
  it('are in no byte of what a buyer can ask or be told', async () => {
    const staged = await stage(display, LARGE);
    const said = await everythingSaid(staged);
    expect(said).toContain(staged.id);
    expect(said.length).toBeGreaterThan(5000);
    for (const figure of figuresOf(LARGE))
      for (const near of [figure - 1, figure, figure + 1]) {
        // As it is written in JSON, and as a person would write it.
        for (const text of [String(near), near.toLocaleString('en'), near.toLocaleString('de')])
          expect([text, said.includes(text)]).toEqual([text, false]);
      }
  });

  it('are not told by a refusal either: how few are left stays words', async () => {
    // 47 of 200 are more than the fifth that low_only begins to show.
    const stock = { quantity: 200, issued: 113, reserved: 40 };
    const staged = await stage(display, stock);
    const said = (await refusalOf(app.visitor(), staged, 50)).replaceAll(staged.tierId, '');
    expect(said).toContain('TIER_NOT_ENOUGH');
    expect(said).toContain('a few left');
    for (const figure of figuresOf(stock)) expect(said).not.toMatch(new RegExp(`(?<![0-9a-f-])${figure}(?![0-9a-f-])`));
  });

  it('are not told when every place is taken', async () => {
    const stock = { quantity: 79_193, issued: 31_013, reserved: 79_193 - 31_013 };
    const staged = await stage(display, stock);
    const said = await refusalOf(app.visitor(), staged, 1);
    expect(said).toContain('TIER_ALL_IN_CHECKOUT');
    for (const figure of figuresOf(stock).filter(Boolean)) expect(said).not.toContain(String(figure));
  });
});

describe('figures of an event that shows them', () => {
  it('are found by the same search, so that it can fail', async () => {
    const said = await everythingSaid(await stage('exact', LARGE));
    expect(said).toContain(String(LARGE.quantity));
    expect(said).toContain(String(LARGE.quantity - LARGE.issued - LARGE.reserved));
    const refused = await refusalOf(
      app.visitor(),
      await stage('exact', { quantity: 200, issued: 113, reserved: 40 }),
      50,
    );
    expect(refused).toContain('Only 47 left');
  });

  it('are shown by low_only once few are left, and not before', async () => {
    const few = await stage('low_only', { quantity: 79_193, issued: 79_180, reserved: 4 });
    expect(JSON.stringify(await app.visitor().api.live.snapshot({ kind: 'event', id: few.id }))).toMatch(/"free":9\b/);
  });
});
