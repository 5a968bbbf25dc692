import { appCode, createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admissionCookieName, signAdmission } from '../../apps/server/src/features/waiting-room/admission.rules.ts';
import { stageRoom, step, take } from '../../apps/server/src/features/waiting-room/waiting-room.test-data.ts';

const HOUR_MS = 3_600_000;
const realNow = Date.now.bind(Date);

describe.each([
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
])('a machine whose clock is %s', (_, off) => {
  let app: TestApp;
  beforeAll(async () => {
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + off);
    app = await createTestApp({ feed: false, simulators: false });
    const readyz = async () => (await fetch(`${app.url}/readyz`)).json();
    await vi.waitFor(async () => expect(await readyz()).toEqual({ ready: true, degraded: ['clock'] }), 20_000);
  }, 60_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    await app?.close();
  });

  it('tells people the time that holds expire by, and says that its own is off', async () => {
    const [row] = await app.admin<{ at: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`;
    const visitor = app.visitor();
    const socket = await visitor.socket();
    const told = [await socket.io.timeout(20_000).emitWithAck('clock:ask'), await visitor.api.live.now()];
    for (const now of told) expect(Math.abs(now - (row?.at ?? 0))).toBeLessThan(HOUR_MS / 4);
    socket.close();
  }, 60_000);

  it('admits from the waiting room whose turn it is, and nobody whose turn is over', async () => {
    const stage = await stageRoom(app, { quantity: 4 });
    const { eventId } = stage;
    await step(app, eventId);
    const mara = await app.guest();
    await mara.api.waitingRoom.enter({ eventId });
    await step(app, eventId);
    expect((await mara.api.waitingRoom.read({ eventId })).spot).toMatchObject({ state: 'admitted' });
    await take(mara, stage);

    const ben = await app.guest();
    const userId = (await ben.actor())?.userId ?? '';
    const ended = signAdmission(app.env.LIVENTIX_SECRET, { eventId, userId, endsAtMs: realNow() - 1000 });
    ben.jar.take({ headers: new Headers({ 'set-cookie': `${admissionCookieName(eventId)}=${ended}` }) });
    await expect(take(ben, stage)).rejects.toMatchObject({ code: 'ADMISSION_ENDED' });
  });

  it('takes webhooks that were signed now, and none that were signed an hour ago', async () => {
    const payload = JSON.stringify({ id: `evt_${off}`, object: 'event', type: 'charge.updated', data: { object: {} } });
    const send = async (timestamp: number) => {
      const signature = app.services.stripe.webhooks.generateTestHeaderString({
        payload,
        secret: app.env.STRIPE_WEBHOOK_SECRETS[0] ?? '',
        timestamp: Math.floor(timestamp / 1000),
      });
      const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
      return (await fetch(`${app.url}/webhooks/stripe`, { method: 'POST', headers, body: payload })).status;
    };
    expect([await send(realNow()), await send(realNow() - HOUR_MS)]).toEqual([200, 400]);
  });

  it('knows the codes that authenticator apps show', async () => {
    const { api } = await app.signUp({ verified: true });
    const { key } = await api.security.startApp();
    const steps = -off / 30_000; // a phone's clock is right
    const { codes } = await api.security.finishApp({ code: await appCode(key, steps) });
    expect(codes).toHaveLength(10);
  });
});
