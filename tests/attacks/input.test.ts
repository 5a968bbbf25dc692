import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buy,
  makeReadyEvent,
  makeTeam,
  type Team,
} from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { toLiventixError } from '../../apps/server/src/platform/errors.ts';
import { appRouter, createCaller } from '../../apps/server/src/router.ts';
import { arbitraryOf, NASTY_TEXTS, type Schema, stringsOf } from './arbitrary-of.ts';

const INPUTS = 10_000;
const SEED = 20_261_127;

interface Procedure {
  name: string;
  input: Schema | undefined;
}

const procedures: Procedure[] = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: { inputs: Schema[] } }>,
).map(([name, { _def }]) => ({ name, input: _def.inputs[0] }));

const accepts = (schema: Schema, value: unknown): boolean =>
  (schema as unknown as { safeParse(value: unknown): { success: boolean } }).safeParse(value).success;

describe('a string of the API', () => {
  it.each(procedures)('$name takes no text that PostgreSQL cannot keep', ({ input }) => {
    for (const { way, schema } of input ? stringsOf(input) : [])
      for (const broken of ['\u0000', 'a\u0000b', '\ud83d', 'a\ude00b', 'https://a.test/\u0000', 'a\u0000@b.test'])
        expect(accepts(schema, broken), `${way}: ${JSON.stringify(broken)}`).toBe(false);
  });
});

describe('nasty input', () => {
  let app: TestApp;
  let team: Team;
  let known: string[];
  let buyer: Awaited<ReturnType<typeof buy>>;

  beforeAll(async () => {
    app = await createTestApp({ env: { LOG_LEVEL: 'silent' } });
    team = await makeTeam(app);
    const { eventId, tierIds } = await makeReadyEvent(team.owner, { orgId: team.orgId });
    await team.owner.api.organizer.publish({ eventId });
    buyer = await buy(app, eventId, [{ tierId: tierIds[0] as string, quantity: 1 }]);
    const post = await team.owner.api.feed.createPost({
      eventId,
      clientId: randomUUID(),
      text: 'Doors at seven.',
      asHost: true,
    });
    const [row] = await app.admin<{ slug: string; ticket: string }[]>`
      select e.slug, t.id as ticket from events.events e join ticketing.tickets t on t.event_id = e.id where e.id = ${eventId}`;
    known = [eventId, ...tierIds, team.orgId, team.viewer.userId, buyer.orderId, buyer.checkoutId, buyer.code, post.id];
    known.push(row?.slug ?? '', row?.ticket ?? '', randomUUID());
  });
  afterAll(() => app?.close());

  it(`of ${INPUTS} kinds meets no procedure that answers with a fault`, async () => {
    const actors = await Promise.all(
      [null, team.owner, team.scanner, buyer.buyer].map((each) => each?.actor() ?? null),
    );
    const each = Math.ceil(INPUTS / procedures.length);
    const faults = new Map<string, string>();
    for (const [at, { name, input }] of procedures.entries()) {
      // The test's own people and event are to live on.
      if (name === 'accounts.delete' || name.startsWith('demo.')) continue;
      const inputs = input
        ? fc.sample(arbitraryOf(input, known), { numRuns: each, seed: SEED + at })
        : NASTY_TEXTS.slice(0, 10);
      for (const [turn, value] of inputs.entries()) {
        app.services.limits.clear();
        const actor = actors[turn % actors.length] ?? null;
        const call = name
          .split('.')
          .reduce<unknown>((of, key) => (of as Record<string, unknown>)[key], createCaller(app.ctx(actor)));
        try {
          await (call as (input: unknown) => Promise<unknown>)(value);
        } catch (thrown) {
          const refusal = toLiventixError(thrown);
          if (refusal.status >= 500)
            faults.set(name, `${JSON.stringify(value)} -> ${refusal.code} ${String(refusal.cause)}`);
        }
      }
    }
    expect([...faults]).toEqual([]);
  });

  it('in the address of a route is answered with a refusal', async () => {
    const paths = [
      '/%ff',
      '/e/%E0%A4%A',
      '/posters/%ff.png',
      '/media/%00',
      '/%00',
      '/events/%ff/calendar.ics',
      '/trpc/%ff',
      '/auth/%ff',
    ];
    for (const path of paths) {
      const status = await new Promise((resolve, reject) => {
        http
          .get({ port: new URL(app.url).port, host: '127.0.0.1', path }, (answer) =>
            resolve(answer.resume().statusCode),
          )
          .once('error', reject);
      });
      expect([path, status]).toEqual([path, 404]);
    }
  });

  it('in a signed webhook is stored as it was sent, and answered', async () => {
    const payload = `{"id":"evt_nul","object":"event","type":"charge.updated","data":{"object":{"id":"ch_1","object":"charge","description":"a\\u0000b\\ud83d"}}}`;
    const signature = app.services.stripe.webhooks.generateTestHeaderString({
      payload,
      secret: app.env.STRIPE_WEBHOOK_SECRETS[0] as string,
    });
    const answer = await fetch(`${app.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'stripe-signature': signature },
      body: payload,
    });
    expect(answer.status).toBe(200);
    const [row] = await app.admin`select payload::text from ticketing.webhook_events where id = 'evt_nul'`;
    expect(row?.payload).toBe(payload);
  });
});

describe('the notes that superjson sends beside the JSON of a call', () => {
  /** A set that has itself as its last member, and a path that goes through it again and again: 250 KB. */
  const circles = (): string => {
    const last = 39_999;
    const json = `{"s":[${Array(last + 1)
      .fill('[]')
      .join(',')}]}`;
    const path = ['s', ...Array(21_000).fill(last)].join('.');
    const meta = { values: { s: ['set'] }, referentialEqualities: { s: ['s.0'], [path]: ['s.1'] }, v: 1 };
    return `{"json":${json},"meta":${JSON.stringify(meta)}}`;
  };
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ simulators: false, feed: false, env: { DEMO: false, LOG_LEVEL: 'silent' } });
  });
  afterAll(() => app?.close());

  const post = async (procedure: string, body: string) => {
    const answer = await fetch(`${app.url}/trpc/${procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return [answer.status, (await answer.json()).error.json.data.code];
  };

  it.each(['holds.place', 'events.viewed'])('do not take seconds of a core: %s', async (procedure) => {
    const before = performance.now();
    expect(await post(procedure, circles())).toEqual([400, 'INPUT_INVALID']);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each([
    ['a set', { values: { s: ['set'] } }],
    ['a typed array, of any length', { values: { s: [['typed-array', 'Float64Array']] } }],
    ['a pattern', { values: { s: ['regexp'] } }],
    ['a date within a set', { values: { s: ['Date', { a: ['set'] }] } }],
    ['a prototype', { values: { '__proto__.s': ['Date'] } }],
    ['no notes at all', 7],
  ])('say nothing but dates and what JSON cannot write: not %s', async (_what, meta) => {
    for (const procedure of ['holds.place', 'events.viewed'])
      expect(await post(procedure, JSON.stringify({ json: { s: 9 }, meta }))).toEqual([400, 'INPUT_INVALID']);
  });
});
