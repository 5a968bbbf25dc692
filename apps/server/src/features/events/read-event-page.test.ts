import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { giveTicket, makeEvent, makeOrganization, makeUser } from './events.test-data.ts';
import { forgetViews } from './record-view.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const NOT_FOUND = { data: { code: 'NOT_FOUND', httpStatus: 404 } };

describe('who may open an event', () => {
  it('opens public and unlisted events to everybody', async () => {
    for (const visibility of ['public', 'unlisted'] as const) {
      const { slug } = await makeEvent(app.admin, { visibility });
      expect((await app.visitor().api.events.bySlug({ slug })).slug).toBe(slug);
    }
  });

  it('opens private events to ticket holders and the team, drafts to the team; for others they do not exist', async () => {
    const host = await app.signUp();
    const guest = await app.signUp();
    const secret = await makeEvent(app.admin, { visibility: 'private', owner: host.userId });
    const draft = await makeEvent(app.admin, { status: 'draft', owner: host.userId });
    for (const { slug, id } of [secret, draft]) {
      await expect(guest.api.events.bySlug({ slug })).rejects.toMatchObject(NOT_FOUND);
      await expect(app.visitor().api.events.bySlug({ slug })).rejects.toMatchObject(NOT_FOUND);
      await expect(guest.api.live.snapshot({ kind: 'event', id })).rejects.toMatchObject(NOT_FOUND);
      await expect(guest.api.events.save({ eventId: id })).rejects.toMatchObject(NOT_FOUND);
      for (const path of [`/posters/${id}.webp`, `/posters/${id}/share.png`, `/events/${slug}/calendar.ics`]) {
        expect((await guest.fetch(path)).status).toBe(404);
      }
      expect(await host.api.events.bySlug({ slug })).toMatchObject({ slug, manages: true });
    }
    await giveTicket(app.admin, secret.id, secret.tierIds[0]!, guest.userId);
    expect(await guest.api.events.bySlug({ slug: secret.slug })).toMatchObject({ manages: false, ownTickets: 1 });
    expect((await guest.fetch(`/posters/${secret.id}.webp?w=270`)).headers.get('cache-control')).toBe(
      'private, no-cache',
    );
  });

  it('gives missing, malformed and deleted addresses the same answer', async () => {
    const { slug, id } = await makeEvent(app.admin, {});
    await app.admin`update events.events set deleted_at = clock_timestamp() where id = ${id}`;
    for (const asked of [slug, 'no-such-event']) {
      await expect(app.visitor().api.events.bySlug({ slug: asked })).rejects.toMatchObject(NOT_FOUND);
    }
  });

  it('gives the online link to ticket holders alone', async () => {
    const { slug, id, tierIds } = await makeEvent(app.admin, {});
    await app.admin`update events.events set online_url = 'https://stream.example/secret-canary' where id = ${id}`;
    const holder = await app.signUp();
    await giveTicket(app.admin, id, tierIds[0]!, holder.userId);
    expect((await holder.api.events.bySlug({ slug })).onlineUrl).toContain('secret-canary');
    expect(JSON.stringify(await app.visitor().api.events.bySlug({ slug }))).not.toContain('secret-canary');
    const file = await (await holder.fetch(`/events/${slug}/calendar.ics`)).text();
    expect(file).not.toContain('secret-canary');
    expect(file).toMatch(/Your order: \w+/);
  });
});

describe('hidden figures', () => {
  // Numbers that can come from nowhere else.
  const tiers = [{ quantity: 748_313, issued: 391_117, reserved: 20_563, priceCents: 1200 }];
  const canaries = [
    '748313',
    '391117',
    '20563',
    String(748_313 - 391_117 - 20_563),
    String(748_313 - 391_117),
    String(391_117 + 20_563),
  ];

  it.each(['hidden', 'low_only', null] as const)('never leave the house with display %s', async (display) => {
    const org = await makeOrganization(app.admin, `canary-${(display ?? 'unset').replace('_', '-')}`, 'Canary');
    const { id, slug } = await makeEvent(app.admin, { display, title: `Canary ${display}`, organization: org }, tiers);
    const mara = await app.guest();
    const socket = await mara.socket();
    const join = await socket.join('event', id);
    expect(join.ok).toBe(true);
    await app.admin`update ticketing.ticket_tiers set description = 'moved' where event_id = ${id}`;
    await socket.until('room:snapshot');
    const said = JSON.stringify([
      await mara.api.events.bySlug({ slug }),
      await mara.api.events.discover({ q: `Canary ${display}` }),
      await mara.api.events.movingNow({}),
      await mara.api.events.host({ slug: `canary-${(display ?? 'unset').replace('_', '-')}` }),
      await mara.api.live.snapshot({ kind: 'event', id }),
      join,
      socket.heard,
      await (await mara.fetch(`/events/${slug}/calendar.ics`)).text(),
      await (await mara.fetch('/sitemap.xml')).text(),
    ]);
    socket.close();
    for (const canary of canaries) expect(said).not.toContain(canary);
    expect(said).toContain(id);
  });

  it('are there where the organizer shows exact numbers, so that the test above can fail', async () => {
    const { slug } = await makeEvent(app.admin, { display: 'exact' }, tiers);
    expect(JSON.stringify(await app.visitor().api.events.bySlug({ slug }))).toContain('748313');
  });
});

describe('the page', () => {
  it('quotes each tier as checkout will, tax on top as its own figure', async () => {
    const { slug } = await makeEvent(app.admin, { feeBps: 1000, taxIncluded: false }, [
      { priceCents: 3000, taxRateBps: 800 },
    ]);
    const page = await app.visitor().api.events.bySlug({ slug });
    expect(page.tiers[0]).toMatchObject({ faceCents: 3000, feeCents: 300, taxCents: 264, totalCents: 3564 });
  });

  it('tells the caller of her running checkout, her saved events and her alerts, and nobody else', async () => {
    const { id, slug, tierIds } = await makeEvent(app.admin, {});
    const mara = await app.guest();
    const actor = await mara.actor();
    const checkoutId = '01890000-0000-7000-8000-000000000001';
    await app.admin`insert into ticketing.ticket_holds (user_id, tier_id, quantity, checkout_id) values (${actor!.userId}, ${tierIds[0]!}, 2, ${checkoutId})`;
    await mara.api.events.save({ eventId: id });
    await mara.api.events.tellMe({ eventId: id, kind: 'place_back', email: 'mara@example.test' });
    expect(await mara.api.events.bySlug({ slug })).toMatchObject({
      saved: true,
      alerts: [{ kind: 'place_back', confirmed: false }],
      checkout: { checkoutId, lines: [{ tierId: tierIds[0], quantity: 2 }], expiresAt: expect.any(Date) },
    });
    expect((await mara.api.events.saved()).events.map((event) => event.id)).toEqual([id]);
    expect(await app.visitor().api.events.bySlug({ slug })).toMatchObject({ saved: false, alerts: [], checkout: null });
    await app.admin`update ticketing.ticket_holds set created_at = created_at - interval '16 minutes', expires_at = expires_at - interval '16 minutes' where checkout_id = ${checkoutId}`;
    expect((await mara.api.events.bySlug({ slug })).checkout).toBeNull();
  });

  it('lets a visitor save without a wall, and forget it again', async () => {
    const { id, slug } = await makeEvent(app.admin, {});
    const visitor = app.visitor();
    await visitor.api.events.save({ eventId: id });
    expect((await visitor.api.events.bySlug({ slug })).saved).toBe(true);
    await visitor.api.events.unsave({ eventId: id });
    expect((await visitor.api.events.bySlug({ slug })).saved).toBe(false);
  });

  it('counts a browser once in half an hour, keeps no address, and forgets after 90 days', async () => {
    const { id } = await makeEvent(app.admin, {});
    const visitor = app.visitor();
    expect(await visitor.api.events.viewed({ eventId: id, referrerHost: 'news.example' })).toEqual({ counted: true });
    expect(await visitor.api.events.viewed({ eventId: id })).toEqual({ counted: false });
    const rows = await app.admin`select * from analytics.page_views where event_id = ${id}`;
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('127.0.0.1');
    expect((await app.admin`select views from analytics.event_metrics where event_id = ${id}`)[0]).toMatchObject({
      views: 1,
    });
    await app.admin`update analytics.page_views set created_at = created_at - interval '91 days' where event_id = ${id}`;
    await forgetViews(app.work());
    expect(await app.admin`select 1 from analytics.page_views where event_id = ${id}`).toHaveLength(0);
  });
});

describe('the room', () => {
  it('sends what changed, with a higher version, and follows the event into its cancellation', async () => {
    const { id, tierIds } = await makeEvent(app.admin, {}, [{ quantity: 20, issued: 10 }]);
    const socket = await app.visitor().socket();
    const join = await socket.join('event', id);
    if (!join.ok) throw new Error(join.reason);
    expect(join.snapshot.data).toEqual({
      page: expect.any(String),
      status: 'published',
      paused: false,
      inCheckout: 0,
      tiers: [{ id: tierIds[0], state: 'on_sale', free: 10, inCheckout: 0, quantity: 20 }],
    });
    await app.admin`update ticketing.ticket_tiers set reserved_quantity = 10 where id = ${tierIds[0]!}`;
    const full = await socket.next((snapshot) => snapshot.version > join.snapshot.version);
    expect(full.data).toMatchObject({ inCheckout: 10, tiers: [{ state: 'all_in_checkout', free: 0 }] });
    await app.admin`update events.events set status = 'cancelled', cancelled_at = clock_timestamp() where id = ${id}`;
    const off = await socket.next((snapshot) => snapshot.version > full.version);
    expect(off.data).toMatchObject({ status: 'cancelled', tiers: [{ state: 'closed' }] });
    socket.close();
  });

  it('shows out everybody when the event becomes private', async () => {
    const { id } = await makeEvent(app.admin, {});
    const socket = await app.visitor().socket();
    await socket.join('event', id);
    await app.admin`update events.events set visibility = 'private' where id = ${id}`;
    await socket.until('room:closed');
    socket.close();
  });

  it('is newer once the clock has opened the sale, and when a tier was deleted', async () => {
    const { id, tierIds } = await makeEvent(app.admin, {}, [{ salesStartIn: '300 milliseconds' }, {}]);
    const read = () =>
      app.visitor().api.live.snapshot({ kind: 'event', id }) as Promise<{
        version: number;
        data: { tiers: { state: string }[] };
      }>;
    const before = await read();
    expect(before.data.tiers[0]!.state).toBe('not_yet');
    await app.admin`select pg_sleep(0.4)`;
    const after = await read();
    expect(after.data.tiers[0]!.state).toBe('on_sale');
    expect(after.version).toBeGreaterThan(before.version);
    await app.admin`update ticketing.ticket_tiers set deleted_at = clock_timestamp() where id = ${tierIds[1]!}`;
    const fewer = await read();
    expect(fewer.data.tiers).toHaveLength(1);
    expect(fewer.version).toBeGreaterThan(after.version);
  });
});

describe('files', () => {
  it('draws the poster in three sizes, kept for ever under its own version, and answers 304', async () => {
    const { id, slug } = await makeEvent(app.admin, {});
    const { posterVersion } = await app.visitor().api.events.bySlug({ slug });
    const first = await app.visitor().fetch(`/posters/${id}.webp?w=270&v=${posterVersion}`);
    expect(first.headers.get('content-type')).toBe('image/webp');
    expect(first.headers.get('cache-control')).toContain('immutable');
    const etag = first.headers.get('etag')!;
    expect(
      (await app.visitor().fetch(`/posters/${id}.webp?w=270`, { headers: { 'if-none-match': etag } })).status,
    ).toBe(304);
    const share = await app.visitor().fetch(`/posters/${id}/share.png`);
    expect(share.headers.get('content-type')).toBe('image/png');
    await app.admin`update events.events set title = 'Another title' where id = ${id}`;
    expect((await app.visitor().api.events.bySlug({ slug })).posterVersion).not.toBe(posterVersion);
  });

  it('writes a calendar file, a sitemap of public events alone, and robots', async () => {
    const { slug } = await makeEvent(app.admin, { title: 'In the calendar' });
    const hidden = await makeEvent(app.admin, { visibility: 'unlisted' });
    const calendar = await app.visitor().fetch(`/events/${slug}/calendar.ics`);
    expect(calendar.headers.get('content-type')).toContain('text/calendar');
    const file = await calendar.text();
    expect(file).toContain('SUMMARY:In the calendar');
    expect(file).not.toContain('Your order');
    const sitemap = await (await app.visitor().fetch('/sitemap.xml')).text();
    expect(sitemap).toContain(`/e/${slug}<`);
    expect(sitemap).not.toContain(hidden.slug);
    expect(await (await app.visitor().fetch('/robots.txt')).text()).toContain('Disallow: /checkout/');
  });
});

it('names a person who hosts', async () => {
  const owner = await makeUser(app.admin, 'Sam Whitlock');
  const { slug } = await makeEvent(app.admin, { owner });
  expect((await app.visitor().api.events.bySlug({ slug })).host).toMatchObject({
    type: 'user',
    name: 'Sam Whitlock',
    slug: owner,
    followers: 0,
  });
});
