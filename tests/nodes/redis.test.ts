import { createTestApp, openSocket, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, type RedisDaemon, startRedis } from './daemons.ts';

const TRIES = { name: 'tries', points: 4, perSeconds: 600 };

/** Asks again until the answer is the wanted one; the test's own limit ends what never comes. */
async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe.skipIf(missing('redis-server'))('two nodes and a Redis', () => {
  let redis: RedisDaemon;
  let a: TestApp;
  let b: TestApp;
  const nodes = () => [a, b];
  const degraded = async (app: TestApp) =>
    ((await (await app.visitor().fetch('/readyz')).json()) as { degraded?: string[] }).degraded !== undefined;
  const back = () => until(async () => !(await degraded(a)) && !(await degraded(b)));
  const take = (app: TestApp, key: string) => app.services.limits.take(TRIES, key);

  beforeAll(async () => {
    redis = await startRedis();
    // Without the feed, what one node knows of another came by Redis.
    a = await createTestApp({ simulators: false, feed: false, env: { REDIS_URL: redis.url } });
    b = await createTestApp({
      simulators: false,
      feed: false,
      database: a.database,
      env: { REDIS_URL: redis.url, LIVENTIX_SECRET: a.env.LIVENTIX_SECRET },
    });
    await back();
  });
  afterAll(async () => {
    await b?.close();
    await a?.close();
    await redis?.stop();
  });

  it('count tries together: neither is a way round the limit of the other', async () => {
    for (const app of [a, b, a, b]) expect(await take(app, 'mara')).toBeNull();
    for (const app of nodes()) expect(await take(app, 'mara')).toBeGreaterThan(500);
    expect(await take(b, 'ines')).toBeNull();
  });

  it('answer while Redis is there and silent, each by its own count', async () => {
    redis.freeze();
    const since = performance.now();
    // The first waits a moment for it, the others no more.
    for (let i = 0; i < 4; i++) expect(await take(a, 'silent')).toBeNull();
    expect(await take(a, 'silent')).toBeGreaterThan(500);
    expect(performance.now() - since).toBeLessThan(900);
    expect(await degraded(a)).toBe(true);
    redis.thaw();
    await back();
  });

  it('answer while Redis is gone, and count together again when it is back', async () => {
    await redis.stop();
    await until(async () => (await degraded(a)) && (await degraded(b)));
    for (const app of nodes()) {
      for (let i = 0; i < 4; i++) expect(await take(app, 'gone')).toBeNull();
      expect(await take(app, 'gone')).toBeGreaterThan(500);
    }
    await redis.start();
    await back();
    for (const app of [b, a, b, a]) expect(await take(app, 'theo')).toBeNull();
    for (const app of nodes()) expect(await take(app, 'theo')).toBeGreaterThan(500);
  });

  it('close the sockets of a session, or of a person, that the other one ended, and nobody else’s', async () => {
    const [mara, ines, theo] = await Promise.all([a.guest(), a.guest(), a.guest()]);
    const open = (person: typeof mara) => openSocket({ url: b.url, cookie: person.jar.header });
    const sockets = { mara: await open(mara), ines: await open(ines), theo: await open(theo) };
    const hers = await ines.actor();
    const since = performance.now();
    a.services.live.endSession((await mara.actor())?.sessionId ?? '');
    a.services.live.endPerson(hers?.userId ?? '');
    await Promise.all([sockets.mara.until('session:ended'), sockets.ines.until('session:ended')]);
    expect(performance.now() - since).toBeLessThan(1000);
    await sockets.theo.settle();
    expect(sockets.theo.heard).toEqual([]);
    for (const socket of Object.values(sockets)) socket.close();
  });
});
