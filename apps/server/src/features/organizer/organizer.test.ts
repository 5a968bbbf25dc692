import { randomUUID } from 'node:crypto';
import type { StaffSnapshot } from '@liventix/contracts/live';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { asWords } from './export-attendees.ts';
import { buy, makeReadyEvent, makeTeam, type Person, type Team } from './organizer.test-data.ts';

let app: TestApp;
let team: Team;
let ready: { eventId: string; tierIds: string[] };
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
  team = await makeTeam(app);
  ready = await makeReadyEvent(team.owner, {
    orgId: team.orgId,
    tiers: [
      { name: 'Floor', priceCents: 1800, quantity: 60 },
      { name: 'Balcony', priceCents: 2700, quantity: 20 },
    ],
  });
  await team.owner.api.organizer.publish({ eventId: ready.eventId });
}, 60_000);
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

type Refused = { code?: string; data?: { details: Record<string, unknown> } };
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (err: Refused) => err.code ?? String(err),
  );
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => ({}) as Refused,
    (err: Refused) => err,
  );

describe('the inside of an event', () => {
  it('answers each role as the table says, and strangers with nothing', async () => {
    const { eventId, tierIds } = ready;
    const { orderId } = await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }]);
    const tierId = tierIds[1] ?? '';
    type Api = Team['owner']['api'];
    const [ok, no] = ['ok', 'ROLE_REQUIRED'] as const;
    const table: [string, (api: Api) => Promise<unknown>, string[]][] = [
      // ------------------------------------------------------ owner admin editor scanner viewer
      ['event', (api) => api.organizer.event({ eventId }), [ok, ok, ok, no, ok]],
      ['dashboard', (api) => api.organizer.dashboard({ eventId }), [ok, ok, ok, ok, ok]],
      ['updateEvent', (api) => api.organizer.updateEvent({ eventId, summary: 'x' }), [ok, ok, ok, no, no]],
      ['fees', (api) => api.organizer.updateEvent({ eventId, feeBps: 0 }), [ok, no, no, no, no]],
      ['tiers.update', (api) => api.organizer.tiers.update({ tierId, description: 'x' }), [ok, ok, ok, no, no]],
      ['tiers.reorder', (api) => api.organizer.tiers.reorder({ eventId, tierIds }), [ok, ok, ok, no, no]],
      ['changePoster', (api) => api.organizer.changePoster({ eventId, palette: 'plum' }), [ok, ok, ok, no, no]],
      ['readiness', (api) => api.organizer.readiness({ eventId }), [ok, ok, ok, no, ok]],
      ['publish', (api) => api.organizer.publish({ eventId }), [ok, ok, ok, no, no]],
      ['resume', (api) => api.organizer.resume({ eventId }), [ok, ok, ok, no, no]],
      ['orders', (api) => api.organizer.orders({ eventId }), [ok, ok, ok, no, no]],
      ['order', (api) => api.organizer.order({ orderId }), [ok, ok, no, no, no]],
      ['attendees', (api) => api.organizer.attendees({ eventId }), [ok, ok, ok, ok, no]],
      ['health', (api) => api.organizer.health({ eventId }), [ok, ok, ok, no, ok]],
      ['reconcile', (api) => api.organizer.reconcile({ eventId, dryRun: true }), [ok, ok, no, no, no]],
    ];
    for (const [name, call, expected] of table) {
      const people = [team.owner, team.admin, team.editor, team.scanner, team.viewer];
      const answers = await Promise.all(people.map((person) => code(call(person.api))));
      expect([name, ...answers]).toEqual([name, ...expected]);
      expect([name, await code(call(team.stranger.api))]).toEqual([name, 'NOT_FOUND']);
    }
    expect(await code(team.editor.api.organizer.refundOrder({ orderId, reason: 'requested' }))).toBe('ROLE_REQUIRED');
    expect(await code(team.stranger.api.organizer.refundOrder({ orderId, reason: 'requested' }))).toBe('NOT_FOUND');
  });

  it('shows order codes, addresses and amounts to nobody whose role has no orders, in lists and the export', async () => {
    const { eventId, tierIds } = ready;
    await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }], 'Canary Person');
    const owner = await team.owner.api.organizer.orders({ eventId, q: 'canary' });
    expect(owner.orders[0]).toMatchObject({ name: 'Canary Person', totalCents: 1800 });
    expect(owner.orders[0]?.email).toContain('@example.test');
    const orderCode = owner.orders[0]?.code ?? '';
    expect(orderCode).toMatch(/^[A-Z0-9]{8}$/);
    const editor = await team.editor.api.organizer.orders({ eventId });
    const door = await team.scanner.api.organizer.attendees({ eventId, q: 'canary' });
    const csv = await (await team.editor.fetch(`/organizer/${eventId}/attendees.csv`)).text();
    for (const seen of [JSON.stringify(editor), JSON.stringify(door), csv]) {
      expect(seen).toContain('Canary Person');
      expect(seen).not.toMatch(/@example\.test|Cents|orderCode/);
      expect(seen).not.toContain(orderCode);
    }
    // Nor to those who guess one, letter by letter.
    const found = (person: Person) => person.api.organizer.orders({ eventId, q: orderCode.slice(0, 5) });
    expect((await found(team.owner)).orders).toHaveLength(1);
    expect((await found(team.editor)).orders).toEqual([]);
  });
});

describe('numbers', () => {
  it('equal the orders exactly, in the staff room, the overview and the organization', async () => {
    const { eventId, tierIds } = await makeReadyEvent(team.owner, {
      orgId: team.orgId,
      tiers: [
        { name: 'A', priceCents: 1999, quantity: 50 },
        { name: 'B', priceCents: 3050, quantity: 50 },
      ],
    });
    await team.owner.api.organizer.updateEvent({ eventId, feeBps: 350, feeFixedCents: 49 });
    await team.owner.api.organizer.publish({ eventId });
    const bought = [];
    for (let n = 1; n <= 5; n++)
      bought.push(
        await buy(app, eventId, [
          { tierId: tierIds[0] ?? '', quantity: (n % 3) + 1 },
          ...(n % 2 ? [{ tierId: tierIds[1] ?? '', quantity: 1 }] : []),
        ]),
      );
    // One goes back whole; the provider's yes is settled by its own function.
    const back = bought[1]?.orderId ?? '';
    await team.admin.api.organizer.refundOrder({ orderId: back, reason: 'requested' });
    const [refund] = await app.admin<{ id: string }[]>`select id from ticketing.refunds where order_id = ${back}`;
    await app.db.engine.sql`select ticketing.settle_refund(${refund?.id ?? ''}::uuid, true, 're_1')`;

    const [truth] = await app.admin<{ gross: number; refunded: number; fees: number; sold: number }[]>`
      select sum(o.total_cents)::int as gross, sum(o.refunded_cents)::int as refunded, sum(o.fees_cents) filter (where o.status = 'paid')::int as fees,
             (select count(*)::int from ticketing.tickets k where k.event_id = ${eventId} and k.status <> 'refunded') as sold
        from ticketing.orders o where o.event_id = ${eventId} and o.status in ('paid', 'refunded')`;
    expect(truth?.refunded).toBe(bought[1]?.totalCents);
    const { snapshot } = await team.owner.api.organizer.dashboard({ eventId });
    expect(snapshot.data).toMatchObject({
      sold: truth?.sold,
      grossCents: truth?.gross,
      refundedCents: truth?.refunded,
      feesCents: truth?.fees,
      netCents: (truth?.gross ?? 0) - (truth?.refunded ?? 0) - (truth?.fees ?? 0),
    });
    expect(snapshot.data.curve.reduce((sum, point) => sum + point.sold, 0)).toBe(truth?.sold);
    // a refund is out of the day it was made, never out of the past
    expect(snapshot.data.curve.reduce((sum, point) => sum + (point.cents ?? 0), 0)).toBe(truth?.gross);
    expect(snapshot.data.sales.map((sale) => sale.kind).sort()).toEqual([
      'refund',
      'sale',
      'sale',
      'sale',
      'sale',
      'sale',
    ]);
    const overview = await team.viewer.api.organizer.overview();
    expect(overview.events.find((event) => event.id === eventId)).toMatchObject({
      sold: truth?.sold,
      grossCents: truth?.gross,
    });
    const organization = await team.owner.api.live.snapshot({ kind: 'organization', id: team.orgId });
    expect((organization.data as { events: unknown[] }).events).toContainEqual({
      id: eventId,
      sold: truth?.sold,
      inCheckout: 0,
      grossCents: truth?.gross,
    });

    const order = await team.owner.api.organizer.order({ orderId: back });
    expect(order.timeline.map((entry) => entry.kind)).toEqual(
      expect.arrayContaining([
        'order_placed',
        'order_paid',
        'ticket_issued',
        'refund_requested',
        'refund_succeeded',
        'order_refunded',
      ]),
    );
    expect(order.refundableCents).toBe(0);
  });

  it('of an organization only ever rise, also when an event is listed no more', async () => {
    const host = await app.signUp({ verified: true });
    const { id: orgId } = await host.api.organizations.create({ name: `Many ${crypto.randomUUID().slice(0, 8)}` });
    await app.admin`
      insert into events.events (title, start_at, owner_context_type, owner_context_id, created_by, version)
      select 'Night ' || g, clock_timestamp() + make_interval(days => g), 'organization', ${orgId}, ${host.userId}, 1000 from generate_series(1, 200) g`;
    const read = () => host.api.live.snapshot({ kind: 'organization', id: orgId });
    const before = await read();
    await app.admin`
      insert into events.events (title, owner_context_type, owner_context_id, created_by) values ('Draft', 'organization', ${orgId}, ${host.userId})`;
    const after = await read();
    expect(after.version).toBeGreaterThan(before.version);
    expect((after.data as { events: unknown[] }).events).toHaveLength(200);
    await app.admin`update events.events set deleted_at = clock_timestamp() where owner_context_id = ${orgId} and title = 'Night 7'`;
    expect((await read()).version).toBeGreaterThan(after.version);
  });

  it('of yesterday stay when an order of it is refunded today; a refund counts on the day it was made', async () => {
    const { owner } = team;
    const { eventId, tierIds } = await makeReadyEvent(owner, { orgId: team.orgId });
    await owner.api.organizer.updateEvent({ eventId, timeZone: 'UTC', feeFixedCents: 100 });
    await owner.api.organizer.publish({ eventId });
    const sell = async (daysAgo: number) => {
      const { orderId } = await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }]);
      await app.admin`update ticketing.orders set paid_at = paid_at - make_interval(days => ${daysAgo}) where id = ${orderId}`;
      return orderId;
    };
    const refund = async (orderId: string, daysAgo: number) => {
      await owner.api.organizer.refundOrder({ orderId, reason: 'requested' });
      const [row] = await app.admin<{ id: string }[]>`select id from ticketing.refunds where order_id = ${orderId}`;
      await app.db.engine.sql`select ticketing.settle_refund(${row?.id ?? ''}::uuid, true, ${`re_${orderId}`})`;
      await app.admin`update ticketing.refunds set settled_at = settled_at - make_interval(days => ${daysAgo}) where id = ${row?.id ?? ''}`;
    };
    const yesterday = async () => (await owner.api.organizer.days({ eventId })).yesterday;
    const [before, first, second] = [await sell(3), await sell(1), await sell(1)];
    const sold = { sold: 2, grossCents: 3800, netCents: 3600 };
    expect(await yesterday()).toEqual(sold);
    await refund(first, 0);
    expect(await yesterday()).toEqual(sold);
    await refund(before, 1);
    expect(await yesterday()).toEqual({ ...sold, netCents: 1800 });
    await refund(second, 1);
    expect(await yesterday()).toEqual({ ...sold, netCents: 0 });
    // What comes back today, or is sent again, changes nothing of yesterday.
    const { sql } = app.db.engine;
    await sql`select ticketing.settle_refund(id, false, provider_refund_id, 'closed') from ticketing.refunds where order_id = ${second}`;
    expect(await yesterday()).toEqual({ ...sold, netCents: 0 });
    await owner.api.organizer.refundOrder({ orderId: second, reason: 'requested' });
    await sql`select ticketing.settle_refund(id, true, ${`again_${second}`}) from ticketing.refunds where order_id = ${second} and status = 'pending'`;
    expect(await yesterday()).toEqual({ ...sold, netCents: 0 });
    // A dispute of last week that was won yesterday brought its money back then.
    const disputed = await sell(8);
    for (const status of ['open', 'won'])
      await sql`select ticketing.apply_dispute(${disputed}::uuid, ${`dp_${disputed}`}, ${status}, 1900, 'general', clock_timestamp() - interval '5 days')`;
    await app.admin`update ticketing.disputes set closed_at = closed_at - interval '1 day' where order_id = ${disputed}`;
    expect(await yesterday()).toEqual({ ...sold, netCents: 1800 });
  });

  it('of an event that the clock ends are newer than before', async () => {
    const { eventId } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    await team.owner.api.organizer.publish({ eventId });
    const read = () => team.owner.api.live.snapshot({ kind: 'staff', id: eventId });
    const before = await read();
    await app.admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`; // time writes no row
      await sql`update events.events set start_at = start_at - interval '1 year', end_at = end_at - interval '1 year', doors_at = null where id = ${eventId}`;
    });
    const after = await read();
    expect([(before.data as StaffSnapshot).status, (after.data as StaffSnapshot).status]).toEqual([
      'published',
      'ended',
    ]);
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('reach the staff room on another node at a sale, and each role sees its own part', async () => {
    const { eventId, tierIds } = ready;
    const other = await createTestApp({ database: app.database, simulators: false });
    try {
      const [owner, editor, door, viewer] = await Promise.all(
        [team.owner, team.editor, team.scanner, team.viewer].map((person) => person.socket()),
      );
      if (!owner || !editor || !door || !viewer) throw new Error('no sockets');
      for (const socket of [owner, editor, door, viewer])
        expect(await socket.join('staff', eventId)).toMatchObject({ ok: true });
      const stranger = await team.stranger.socket();
      expect(await stranger.join('staff', eventId)).toEqual({ ok: false, reason: 'not_found' });
      expect(await stranger.join('organization', team.orgId)).toEqual({ ok: false, reason: 'not_found' });

      const before = owner.snapshots('staff', eventId).at(-1)?.data as StaffSnapshot | undefined;
      // Bought through the other process; this one hears it from the database.
      const { orderId } = await buy(other, eventId, [{ tierId: tierIds[0] ?? '', quantity: 2 }], 'Ada Okafor');
      const has = (snapshot: { data: unknown }) =>
        (snapshot.data as StaffSnapshot).sales.some((sale) => sale.orderId === orderId);
      const seen = (await owner.next(has)).data as StaffSnapshot;
      expect(seen.sales[0]).toMatchObject({ orderId, who: 'Ada', quantity: 2, totalCents: 3600, kind: 'sale' });
      if (before) expect(seen.sold).toBe(before.sold + 2);

      const named = (await editor.next(has)).data as StaffSnapshot;
      expect(named.sales[0]).toMatchObject({ orderId, who: 'Ada' });
      expect(JSON.stringify(named)).not.toMatch(/ents"/);
      const soldNow = (snapshot: { kind: string; data: unknown }) =>
        snapshot.kind === 'staff' && (snapshot.data as StaffSnapshot).sold === seen.sold;
      const counts = (await door.next(soldNow)).data as StaffSnapshot;
      expect(counts).toMatchObject({ sales: [], curve: [] });
      expect(JSON.stringify(counts)).not.toMatch(/ents"/);
      const totals = (await viewer.next(soldNow)).data as StaffSnapshot;
      expect(totals).toMatchObject({ sales: [], grossCents: seen.grossCents });
    } finally {
      await other.close();
    }
  });

  it('close the staff room within a second to whoever leaves the team', async () => {
    const { eventId } = ready;
    const gone = await app.signUp({ verified: true });
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${team.orgId}, ${gone.userId}, 'admin')`;
    const socket = await gone.socket();
    await socket.join('staff', eventId);
    await team.owner.api.organizations.removeMember({ orgId: team.orgId, userId: gone.userId });
    expect(await socket.until('room:closed', (room) => room.kind === 'staff', 1000)).toMatchObject({ id: eventId });
  });
});

describe('making an event', () => {
  it('goes from a draft to a sale', async () => {
    const { owner, stranger } = team;
    const { eventId } = await owner.api.organizer.createEvent({ title: 'Moth Season', organizationId: team.orgId });
    const draft = await owner.api.organizer.event({ eventId });
    expect(draft.status).toBe('draft');
    expect(draft.poster.palette).toBeTruthy();
    const refused = await refusal(owner.api.organizer.publish({ eventId }));
    expect(refused.code).toBe('EVENT_NOT_READY');
    expect(refused.data?.details.missing).toEqual(expect.arrayContaining(['has_start', 'has_tier', 'has_description']));
    expect(await code(stranger.api.events.bySlug({ slug: draft.slug }))).toBe('NOT_FOUND');

    const made = await makeReadyEvent(owner, {
      orgId: team.orgId,
      tiers: [{ name: 'Free', priceCents: 0, quantity: 3 }],
    });
    const published = await owner.api.organizer.publish({ eventId: made.eventId });
    expect(published.status).toBe('published');
    await buy(app, made.eventId, [{ tierId: made.tierIds[0] ?? '', quantity: 2 }]);
    expect((await owner.api.organizer.event({ eventId: made.eventId })).tiers[0]).toMatchObject({
      issued: 2,
      quantity: 3,
    });
    expect(await code(owner.api.organizer.unpublish({ eventId: made.eventId }))).toBe('EVENT_HAS_ORDERS');
    expect(await code(owner.api.organizer.updateEvent({ eventId: made.eventId, currency: 'GBP' }))).toBe(
      'EVENT_HAS_ORDERS',
    );
    const lost = await refusal(owner.api.organizer.updateEvent({ eventId: made.eventId, description: 'Short.' }));
    expect([lost.code, lost.data?.details.missing]).toEqual(['EVENT_NOT_READY', ['has_description']]);
    expect((await owner.api.organizer.event({ eventId: made.eventId })).description).toContain('kettle');
    const low = await refusal(owner.api.organizer.tiers.update({ tierId: made.tierIds[0] ?? '', quantity: 1 }));
    expect([low.code, low.data?.details.taken]).toEqual(['TIER_QUANTITY_TOO_LOW', 2]);
    expect(await code(owner.api.organizer.tiers.delete({ tierId: made.tierIds[0] ?? '' }))).toBe('EVENT_HAS_ORDERS');
    expect(await code(owner.api.organizer.tiers.update({ tierId: made.tierIds[0] ?? '', quantity: 2 }))).toBe('ok');
  });

  it('refuses prices that cannot be charged and ranges that are none', async () => {
    const { eventId } = await team.owner.api.organizer.createEvent({ title: 'Prices' });
    const tier = { eventId, name: 'A', priceCents: 20, quantity: 5 };
    expect(await code(team.owner.api.organizer.tiers.create(tier))).toBe('TIER_PRICE_INVALID');
    expect(
      await code(team.owner.api.organizer.tiers.create({ ...tier, priceCents: 1000, minPerOrder: 5, maxPerOrder: 2 })),
    ).toBe('INPUT_INVALID');
    expect(
      await code(
        team.owner.api.organizer.tiers.create({
          ...tier,
          priceCents: 1000,
          salesStartLocal: '2027-01-02T10:00',
          salesEndLocal: '2027-01-01T10:00',
        }),
      ),
    ).toBe('INPUT_INVALID');
    expect(await code(team.owner.api.organizer.tiers.create({ ...tier, priceCents: 40 }))).toBe('TIER_PRICE_INVALID');
    expect(await code(team.owner.api.organizer.tiers.create({ ...tier, priceCents: 500 }))).toBe('ok');
    expect(await code(team.owner.api.organizer.updateEvent({ eventId, currency: 'HUF' }))).toBe('TIER_PRICE_INVALID');
    expect(await code(team.owner.api.organizer.updateEvent({ eventId, currency: 'GBP' }))).toBe('ok');
  });

  it('keeps the amounts that were typed when the currency changes, and names the ticket type whose price cannot stay', async () => {
    const { owner } = team;
    const { eventId } = await owner.api.organizer.createEvent({ title: 'Sumida', currency: 'JPY' });
    await owner.api.organizer.tiers.create({ eventId, name: 'Bank', priceCents: 3000, quantity: 5 });
    await owner.api.organizer.tiers.create({ eventId, name: 'Lawn', priceCents: 0, quantity: 5 });
    await owner.api.organizer.updateEvent({ eventId, feeFixedCents: 50, feeCapCents: 300 });
    const change = (currency: string) => owner.api.organizer.updateEvent({ eventId, currency });
    const amounts = ({ tiers, fees: { feeFixedCents, feeCapCents } }: Awaited<ReturnType<typeof change>>) => [
      ...tiers.map(({ priceCents }) => priceCents),
      feeFixedCents,
      feeCapCents,
    ];
    expect(amounts(await change('EUR'))).toEqual([300_000, 0, 5000, 30_000]);
    expect(amounts(await change('USD'))).toEqual([300_000, 0, 5000, 30_000]);
    expect(amounts(await change('JPY'))).toEqual([3000, 0, 50, 300]);
    const { id: tierId = '' } = (await change('EUR')).tiers[0] ?? {};
    const refused = async (priceCents: number, currency: string) => {
      await owner.api.organizer.tiers.update({ tierId, priceCents });
      return (await refusal(change(currency))).data?.details;
    };
    expect(await refused(2499, 'JPY')).toEqual({ field: 'currency', tier: 'Bank', currency: 'JPY', cents: true });
    expect(await refused(3000, 'HUF')).toEqual({ field: 'currency', tier: 'Bank', currency: 'HUF' });
    const { currency, tiers } = await owner.api.organizer.event({ eventId });
    expect([currency, tiers[0]?.priceCents]).toEqual(['EUR', 3000]);
  });

  it('refuses a form that was filled before somebody else saved, answers what stands there now, and overwrites nothing', async () => {
    const { owner, editor, admin } = team;
    const { eventId, tierIds } = await makeReadyEvent(owner, { orgId: team.orgId });
    const tierId = tierIds[0] ?? '';
    const [event, tier] = [
      () => owner.api.organizer.event({ eventId }),
      async () => (await owner.api.organizer.event({ eventId })).tiers[0],
    ];
    const { edition } = await event();
    const opened = (await tier())?.edition ?? 0;

    await owner.api.organizer.tiers.update({ tierId, priceCents: 2700, edition: opened });
    const late = await refusal(
      editor.api.organizer.tiers.update({ tierId, priceCents: 2499, quantity: 140, edition: opened }),
    );
    expect(late.code).toBe('EDIT_CONFLICT');
    expect(late.data?.details.current).toMatchObject([{ id: tierId, priceCents: 2700, quantity: 120 }]);
    expect(await tier()).toMatchObject({ priceCents: 2700, quantity: 120, edition: opened + 1 });
    await editor.api.organizer.tiers.update({ tierId, quantity: 140, edition: opened + 1 });
    expect(await tier()).toMatchObject({ priceCents: 2700, quantity: 140 });

    await owner.api.organizer.updateEvent({ eventId, summary: 'Hers', edition });
    const second = await refusal(editor.api.organizer.updateEvent({ eventId, summary: 'His', edition }));
    expect([second.code, second.data?.details.current]).toMatchObject(['EDIT_CONFLICT', { summary: 'Hers' }]);
    expect((await event()).summary).toBe('Hers');

    const read = async () => (await owner.api.organizations.members({ orgId: team.orgId })).organization;
    const org = await read();
    const change = { orgId: org.id, edition: org.edition };
    await owner.api.organizations.update({ ...change, city: 'Kiel' });
    const third = await refusal(admin.api.organizations.update({ ...change, city: 'Ulm' }));
    expect([third.code, third.data?.details.current]).toMatchObject([
      'EDIT_CONFLICT',
      { organization: { city: 'Kiel' } },
    ]);
    expect((await read()).city).toBe('Kiel');
  });

  it('lets one of many forms of one edition through when they are sent at once', async () => {
    const { owner } = team;
    const { eventId, tierIds } = await makeReadyEvent(owner, { orgId: team.orgId });
    const { edition, tiers } = await owner.api.organizer.event({ eventId });
    const codes = (calls: Promise<unknown>[]) => Promise.all(calls.map(code)).then((all) => all.sort());
    const expected = ['EDIT_CONFLICT', 'EDIT_CONFLICT', 'EDIT_CONFLICT', 'ok'];
    const four = [1, 2, 3, 4];
    expect(
      await codes(four.map((n) => owner.api.organizer.updateEvent({ eventId, edition, summary: `Night ${n}` }))),
    ).toEqual(expected);
    const tier = { tierId: tierIds[0] ?? '', edition: tiers[0]?.edition ?? 0 };
    expect(await codes(four.map((n) => owner.api.organizer.tiers.update({ ...tier, priceCents: 1000 + n })))).toEqual(
      expected,
    );
  });

  it('counts editions of what forms change, whoever changes it, and none of sales', async () => {
    const { owner } = team;
    const { eventId, tierIds } = await makeReadyEvent(owner, { orgId: team.orgId });
    await owner.api.organizer.publish({ eventId });
    const editions = async () => {
      const { snapshot } = await owner.api.organizer.dashboard({ eventId });
      return [snapshot.data.edition, snapshot.data.tiers[0]?.edition ?? 0] as const;
    };
    const before = await editions();
    await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }]);
    await owner.api.organizer.pause({ eventId });
    expect(await editions()).toEqual(before);
    await app.admin`update ticketing.ticket_tiers set price_cents = 2000 where id = ${tierIds[0] ?? ''}`;
    await app.admin`update events.events set title = 'Renamed' where id = ${eventId}`;
    expect(await editions()).toEqual([before[0] + 1, before[1] + 1]);
  });

  it('names the bounds that a refused number broke', async () => {
    const { owner } = team;
    const { eventId } = await owner.api.organizer.createEvent({ title: 'Bounds' });
    const refused = await refusal(owner.api.organizer.updateEvent({ eventId, minAge: 200 }));
    expect(refused.data?.details.issues).toMatchObject([{ path: ['minAge'], maximum: 99 }]);
  });

  it('moves end and doors along with the start, and keeps the doors within a day of it', async () => {
    const { owner } = team;
    const { eventId } = await owner.api.organizer.createEvent({ title: 'Moved' });
    const set = (change: object) => owner.api.organizer.updateEvent({ eventId, ...change });
    await set({ startLocal: '2027-07-01T20:00', endLocal: '2027-07-01T23:30', doorsLocal: '2027-07-01T19:00' });
    expect(await set({ startLocal: '2027-09-14T21:00' })).toMatchObject({
      startLocal: '2027-09-14T21:00',
      endLocal: '2027-09-15T00:30',
      doorsLocal: '2027-09-14T20:00',
    });
    // What is typed beside it stays as typed.
    expect(await set({ startLocal: '2027-09-20T21:00', endLocal: '2027-09-21T02:00' })).toMatchObject({
      endLocal: '2027-09-21T02:00',
      doorsLocal: '2027-09-20T20:00',
    });
    const early = await refusal(set({ doorsLocal: '2027-06-10T20:00' }));
    expect([early.code, early.data?.details.issues]).toEqual([
      'INPUT_INVALID',
      [{ path: ['doorsLocal'], message: 'day_before' }],
    ]);
    await expect(
      app.admin`update events.events set doors_at = start_at - interval '98 days', doors_local = null where id = ${eventId}`,
    ).rejects.toMatchObject({ constraint_name: 'events_doors_near_start' });
  });

  it('refuses local times that do not exist, asks which of two is meant, and follows the zone', async () => {
    const { owner } = team;
    const { eventId } = await owner.api.organizer.createEvent({ title: 'Clocks' });
    const set = (change: object) => owner.api.organizer.updateEvent({ eventId, ...change });
    expect((await refusal(set({ startLocal: '2027-03-28T02:30' }))).data?.details).toMatchObject({
      field: 'startLocal',
      zone: 'Europe/Berlin',
    });
    expect(await code(set({ startLocal: '2027-03-28T02:30' }))).toBe('LOCAL_TIME_MISSING');
    const doubled = await refusal(set({ startLocal: '2027-10-31T02:30' }));
    expect(doubled.code).toBe('LOCAL_TIME_DOUBLED');
    expect(doubled.data?.details.choices).toEqual([
      Date.parse('2027-10-31T00:30:00Z'),
      Date.parse('2027-10-31T01:30:00Z'),
    ]);
    const earlier = await set({ startLocal: '2027-10-31T02:30', which: 'earlier' });
    expect([earlier.startAt?.toISOString(), earlier.startLocal]).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-10-31T02:30',
    ]);
    const later = await set({ startLocal: '2027-10-31T02:30', which: 'later' });
    expect([later.startAt?.toISOString(), later.startLocal]).toEqual(['2027-10-31T01:30:00.000Z', '2027-10-31T02:30']);
    const moved = await set({ timeZone: 'America/New_York', startLocal: '2027-07-01T20:00' });
    expect(moved.startAt?.toISOString()).toBe('2027-07-02T00:00:00.000Z');
    expect((await set({ timeZone: 'Asia/Tokyo' })).startAt?.toISOString()).toBe('2027-07-01T11:00:00.000Z');
    expect(await code(set({ endLocal: '2027-07-01T19:00' }))).toBe('INPUT_INVALID');
    expect(await code(set({ timeZone: 'Europe/Atlantis' }))).toBe('INPUT_INVALID');
  });

  it('pauses in front of everybody and resumes', async () => {
    const { eventId, tierIds } = ready;
    const watcher = await (await app.guest()).socket();
    await watcher.join('event', eventId);
    await team.editor.api.organizer.pause({ eventId });
    await watcher.next((snapshot) => (snapshot.data as { paused: boolean }).paused);
    const buyer = await app.guest();
    const place = () =>
      buyer.api.holds.place({ eventId, checkoutId: randomUUID(), lines: [{ tierId: tierIds[0] ?? '', quantity: 1 }] });
    expect(await code(place())).toBe('SALES_PAUSED');
    await team.editor.api.organizer.resume({ eventId });
    await watcher.next(
      (snapshot) =>
        !(snapshot.data as { paused: boolean }).paused &&
        snapshot.version > (watcher.snapshots('event', eventId)[0]?.version ?? 0),
    );
    await team.editor.api.organizer.pause({ eventId, tierId: tierIds[0] ?? '' });
    expect(await code(place())).toBe('SALES_PAUSED');
    await team.editor.api.organizer.resume({ eventId, tierId: tierIds[0] ?? '' });
    expect(await code(place())).toBe('ok');
    expect(await code(team.editor.api.organizer.pause({ eventId, tierId: randomUUID() }))).toBe('NOT_FOUND');
  });

  it('takes a cover, cleans it and colours the page after it; refuses what is no picture', async () => {
    const { eventId } = await team.owner.api.organizer.createEvent({ title: 'Cover' });
    const post = (person: Team['owner'], body: BodyInit) =>
      person.fetch(`/organizer/${eventId}/cover`, { method: 'POST', body, headers: { 'content-type': 'image/png' } });
    const picture = await sharp({ create: { width: 800, height: 1000, channels: 3, background: '#1D3FD1' } })
      .png()
      .toBuffer();
    const answer = await post(team.owner, new Uint8Array(picture));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      palette: 'cobalt',
      coverImageUrl: expect.stringMatching(/^\/media\/[\w-]+\.webp$/),
    });
    expect((await post(team.owner, 'no picture')).status).toBe(400);
    expect((await post(team.stranger, new Uint8Array(picture))).status).toBe(404);
    const before = (await team.owner.api.organizer.event({ eventId })).poster;
    const shuffled = await team.owner.api.organizer.changePoster({ eventId, shuffle: true });
    expect(shuffled.coverImageUrl).toBeNull();
    expect(shuffled.poster.seed).not.toBe(before.seed);
  });
});

describe('the list for the door', () => {
  it('runs no formula that somebody put into a name', async () => {
    for (const cell of ['=1+1', '+49', '-1', '@x', '\t=1', ' =cmd', '＝1']) expect(asWords(cell)[0]).toBe("'");
    expect(asWords('Ada;=1+1; @x')).toBe("Ada;'=1+1;' @x");
    expect(asWords('Ada = Okafor; -')).toBe("Ada = Okafor;' -");
    expect(asWords('x;"=cmd|A1;y')).toBe('x;\'"=cmd|A1;y');
    expect(asWords('Ada = Okafor')).toBe('Ada = Okafor');
    const { eventId, tierIds } = ready;
    await buy(app, eventId, [{ tierId: tierIds[1] ?? '', quantity: 1 }], '=HYPERLINK("x")');
    const answer = await team.owner.fetch(`/organizer/${eventId}/attendees.csv`);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const csv = await answer.text();
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).not.toContain('LV1.');
    expect(csv).toContain('@example.test');
    const editor = await (await team.editor.fetch(`/organizer/${eventId}/attendees.csv`)).text();
    expect(editor).not.toContain('@example.test');
    expect((await team.stranger.fetch(`/organizer/${eventId}/attendees.csv`)).status).toBe(404);
    expect((await team.scanner.fetch(`/organizer/${eventId}/attendees.csv`)).status).toBe(403);
  });

  it('of a draft is hidden from scanners: overview, live page, door list and export', async () => {
    const { eventId } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    const { scanner, viewer, owner } = team;
    const sees = async (person: Person) =>
      (await person.api.organizer.overview()).events.some(({ id }) => id === eventId);
    expect(await Promise.all([owner, viewer, scanner].map(sees))).toEqual([true, true, false]);
    expect(await code(scanner.api.organizer.dashboard({ eventId }))).toBe('NOT_FOUND');
    expect(await code(scanner.api.organizer.attendees({ eventId }))).toBe('NOT_FOUND');
    expect((await scanner.fetch(`/organizer/${eventId}/attendees.csv`)).status).toBe(404);
    const socket = await scanner.socket();
    expect(await socket.join('staff', eventId)).toEqual({ ok: false, reason: 'not_found' });
    socket.close();
    await owner.api.organizer.publish({ eventId });
    expect(await sees(scanner)).toBe(true);
    expect(await code(scanner.api.organizer.attendees({ eventId }))).toBe('ok');
  });

  it('admits and takes back, counted in the staff room', async () => {
    const { eventId, tierIds } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    await team.owner.api.organizer.publish({ eventId });
    await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 1 }]);
    const [person] = (await team.scanner.api.organizer.attendees({ eventId })).attendees;
    const ticketId = person?.ticketId ?? '';
    expect(await team.scanner.api.organizer.admit({ eventId, ticketId })).toMatchObject({ outcome: 'wrong_day' });
    await app.admin`update events.events set start_at = clock_timestamp() + interval '10 minutes', end_at = clock_timestamp() + interval '3 hours', doors_at = null, doors_local = null where id = ${eventId}`;
    expect(await team.scanner.api.organizer.admit({ eventId, ticketId, gate: 'Gate B' })).toMatchObject({
      outcome: 'admitted',
    });
    expect((await team.scanner.api.organizer.attendees({ eventId })).admitted).toBe(1);
    expect(await team.scanner.api.organizer.undoAdmit({ eventId, ticketId })).toEqual({ undone: true });
    expect((await team.owner.api.organizer.dashboard({ eventId })).snapshot.data.admitted).toBe(0);
    expect(await code(team.viewer.api.organizer.admit({ eventId, ticketId }))).toBe('ROLE_REQUIRED');
  });

  it('goes on where a page ended, without a gap or a repeat', async () => {
    const { eventId, tierIds } = await makeReadyEvent(team.owner, {
      orgId: team.orgId,
      tiers: [{ name: 'Free', priceCents: 0, quantity: 100 }],
    });
    await team.owner.api.organizer.publish({ eventId });
    for (let n = 0; n < 10; n++) await buy(app, eventId, [{ tierId: tierIds[0] ?? '', quantity: 9 }], `Buyer ${n}`);
    const first = await team.owner.api.organizer.attendees({ eventId });
    const second = await team.owner.api.organizer.attendees({ eventId, cursor: first.nextCursor ?? '' });
    const third = await team.owner.api.organizer.attendees({ eventId, cursor: second.nextCursor ?? '' });
    expect([...first.attendees, ...second.attendees, ...third.attendees].map((row) => row.sequenceNumber)).toEqual(
      Array.from({ length: 90 }, (_, index) => index + 1),
    );
    expect(third.nextCursor).toBeNull();
    const found = await team.owner.api.organizer.orders({ eventId, q: 'buyer 7' });
    expect(found.orders.map((order) => order.name)).toEqual(['Buyer 7']);
    // Without accents, in any order, by half a code; words that are not all in one row find nothing.
    const names = [
      'Zoë Müller',
      'Ayşe Öztürk',
      'Partial Paul',
      'Per_Cent',
      'No Body',
      'No Soul',
      'X Y',
      'Y Z',
      'Q Q',
      'R R',
    ];
    for (const [n, name] of names.entries())
      await app.admin`update ticketing.orders set buyer_name = ${name} where event_id = ${eventId} and buyer_name = ${`Buyer ${n}`}`;
    await app.admin`
      update ticketing.tickets k set holder_name = o.buyer_name from ticketing.orders o where o.id = k.order_id and o.event_id = ${eventId}`;
    const search = async (q: string) =>
      (await team.owner.api.organizer.orders({ eventId, q })).orders.map((order) => order.name);
    const door = async (q: string) => [
      ...new Set((await team.scanner.api.organizer.attendees({ eventId, q })).attendees.map((row) => row.name)),
    ];
    const [coded] = (await team.owner.api.organizer.orders({ eventId, q: 'paul' })).orders;
    for (const [q, name] of [
      ['muller', 'Zoë Müller'],
      ['MÜLLER zoe', 'Zoë Müller'],
      ['ozturk', 'Ayşe Öztürk'],
      ['paul partial', 'Partial Paul'],
      [coded?.code?.toLowerCase() ?? '', 'Partial Paul'],
    ] as const)
      expect([q, await search(q), await door(q)]).toEqual([q, [name], [name]]);
    // Only who sees codes finds by a part of one; at the door a buyer shows it whole.
    const part = (coded?.code ?? '').slice(0, 4).toLowerCase();
    expect([await search(part), await door(part)]).toEqual([['Partial Paul'], []]);
    expect([await search('paul muller'), await door('paul muller')]).toEqual([[], []]);
    expect(await search('no')).toHaveLength(2);
    expect(await door('0042')).toHaveLength(1);
    expect((await team.owner.api.organizer.orders({ eventId, q: '%' })).orders).toHaveLength(0);
  });
});
