import { randomUUID } from 'node:crypto';
import { CookieJar } from '@liventix/server/testing';
import type { Sql } from 'postgres';
import { describe, expect, it } from 'vitest';
import { browserMissing } from '../browser.ts';
import { openOffice } from './buyer.ts';
import { demoUrl } from './people.ts';

type Display = 'exact' | 'low_only' | 'hidden';

// Figures that come from nowhere else. Each sum and difference would give one away.
const QUANTITY = 79_193_117;
const ISSUED = 31_013_579;
const RESERVED = 11_927_741;
const FIGURES = [
  QUANTITY,
  ISSUED,
  RESERVED,
  QUANTITY - ISSUED,
  QUANTITY - RESERVED,
  ISSUED + RESERVED,
  QUANTITY - ISSUED - RESERVED,
];
/** Each figure and its neighbours, as JSON writes it and as a person would. */
const CANARIES = FIGURES.flatMap((figure) => [figure - 1, figure, figure + 1]).flatMap((figure) => [
  String(figure),
  figure.toLocaleString('en'),
  figure.toLocaleString('de'),
]);

interface Staged {
  id: string;
  slug: string;
  host: string;
  tierId: string;
  title: string;
}

/** An event on every list, with a room in front of it, whose stock is in the counters alone: `unstage` takes it away. */
async function stage(sql: Sql, display: Display): Promise<Staged> {
  const mark = randomUUID().slice(0, 8);
  const title = `Canary ${mark}`;
  const [host] = await sql<{ id: string; slug: string }[]>`
    insert into organizations.organizations (name, slug) values (${title}, ${`canary-${mark}`}) returning id, slug`;
  await sql`
    insert into organizations.org_memberships (org_id, user_id, role)
    select ${host?.id as string}, u.id, 'owner' from auth.users u where u.email = 'theo@liventix.test'`;
  const [event] = await sql<{ id: string; slug: string }[]>`
    insert into events.events (title, city, venue, start_at, status, published_at, visibility, availability_display, max_per_person, owner_context_type, owner_context_id, created_by)
    select ${title}, 'Berlin', 'Saal Amrum', clock_timestamp() + interval '3 days', 'published', clock_timestamp(), 'public', ${display}, 50, 'organization', ${host?.id as string}, u.id
      from auth.users u where u.email = 'theo@liventix.test' returning id, slug`;
  const [tier] = await sql<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, issued_quantity, reserved_quantity, max_per_order)
    values (${event?.id as string}, 'Floor', 1500, ${QUANTITY}, ${ISSUED}, ${RESERVED}, 50) returning id`;
  await sql`
    insert into social.event_posts (event_id, author_user_id, text)
    select ${event?.id as string}, u.id, 'Doors at eight' from auth.users u where u.email = 'theo@liventix.test'`;
  return {
    id: event?.id as string,
    slug: event?.slug as string,
    host: host?.slug as string,
    tierId: tier?.id as string,
    title,
  };
}

/** Leaves what is really there in the counters, and the event out of every list. */
async function unstage(sql: Sql, { id, tierId }: Staged): Promise<void> {
  await sql`update ticketing.ticket_tiers set issued_quantity = 0, reserved_quantity = (
      select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.tier_id = ${tierId} and h.status = 'active')
    where id = ${tierId}`;
  await sql`update events.events set visibility = 'private', waiting_room = 'off' where id = ${id}`;
}

/** A guest with places of this event in her checkout, and everything her browser is sent: by page, with its status. */
async function everythingSent(sql: Sql, { id, slug, host, tierId, title }: Staged): Promise<Map<string, string>> {
  const jar = new CookieJar();
  const headers = (): Record<string, string> => ({ origin: demoUrl(), ...(jar.header && { cookie: jar.header }) });
  const checkoutId = randomUUID();
  const held = await fetch(`${demoUrl()}/trpc/holds.place`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers() },
    body: JSON.stringify({ json: { eventId: id, checkoutId, lines: [{ tierId, quantity: 1 }] } }),
  });
  jar.take(held);
  const sent = new Map([['holds.place', await held.text()]]);
  expect(held.status, sent.get('holds.place')).toBe(200);

  // Only now a room, which the worker makes within a second: whoever takes places there needs an admission.
  await sql`update events.events set waiting_room = 'on' where id = ${id}`;
  const rooms = () => sql`select from ticketing.waiting_rooms where event_id = ${id}`;
  await expect.poll(async () => (await rooms()).length, { timeout: 20_000, interval: 100 }).toBe(1);

  const input = encodeURIComponent(JSON.stringify({ json: { eventId: id } }));
  const search = `q=${encodeURIComponent(title)}`;
  // Read as a document, and as what the same page asks for on the way to it from another.
  const pages = [
    '/',
    `/?${search}`,
    `/e/${slug}`,
    `/e/${slug}/feed`,
    `/h/${host}`,
    `/checkout/${checkoutId}`,
    `/e/${slug}/waiting-room`,
  ];
  for (const path of [
    ...pages,
    '/feed',
    '/sitemap.xml',
    `/?${search}&_data=routes%2F_index`,
    `/e/${slug}?_data=routes%2Fe.%24slug`,
    `/trpc/waitingRoom.read?input=${input}`,
    `/trpc/waitingRoom.glance?input=${input}`,
  ]) {
    const answer = await fetch(`${demoUrl()}${path}`, { headers: headers() });
    jar.take(answer);
    sent.set(path, `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  }
  for (const path of [...pages, '/sitemap.xml']) expect([path, sent.get(path)?.slice(0, 4)]).toEqual([path, '200 ']);
  for (const path of pages.slice(1)) expect([path, sent.get(path)?.includes(title)]).toEqual([path, true]);
  expect(sent.get(`/e/${slug}`)).toContain('application/ld+json');
  return sent;
}

/** Which page says which figure. */
const sung = (sent: Map<string, string>): string[] =>
  [...sent].flatMap(([path, text]) =>
    CANARIES.filter((canary) => text.includes(canary)).map((one) => `${path} ${one}`),
  );

describe.skipIf(browserMissing)('figures of an event', () => {
  const office = openOffice();

  it.each(['hidden', 'low_only'] as const)(
    'that shows %s are in no byte of any page, its structured data, what it streams or what it asks',
    async (display) => {
      const staged = await stage(office.books, display);
      expect(sung(await everythingSent(office.books, staged))).toEqual([]);
      await unstage(office.books, staged);
    },
  );

  it('that shows them are found by the same search, so that it can fail', async () => {
    const staged = await stage(office.books, 'exact');
    const found = sung(await everythingSent(office.books, staged));
    expect(found.some((one) => one.startsWith(`/e/${staged.slug} `))).toBe(true);
    await unstage(office.books, staged);
  });
});
