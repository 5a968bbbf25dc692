import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { createWorkThread } from '../../platform/work-thread.ts';
import { createTestApp, type TestApp } from '../../testing/index.ts';

const thread = createWorkThread({
  file: new URL('./drawings.test-data.ts', import.meta.url),
  log: createLog({ level: 'silent' }),
  waitingMost: 1,
});
let app: TestApp;
let userId: string;

beforeAll(async () => {
  app = await createTestApp({ drawings: thread, feed: false, simulators: false });
  userId = (await app.signUp({ name: 'Theo' })).userId;
});
afterAll(async () => {
  await app.close();
  await thread.close();
});

async function askPoster(title: string): Promise<Response> {
  const [event] = await app.admin<{ id: string }[]>`
    insert into events.events (title, venue, city, owner_context_id, created_by, status, start_at, doors_at)
    values (${title}, 'Kesselhaus', 'Berlin', ${userId}, ${userId}, 'published', clock_timestamp() + interval '2 hours', clock_timestamp() + interval '1 hour')
    returning id`;
  return app.visitor().fetch(`/posters/${event?.id}.webp?w=270`, { headers: { accept: 'application/json' } });
}

/** Holds the thread up until the gate is opened. */
function holdThread(): { held: Promise<unknown>; open(): void } {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const open = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  return { held: thread.run('hold', { gate }), open };
}

describe('drawing', () => {
  it('lets the server answer others meanwhile', async () => {
    const { held, open } = holdThread();
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
    const gates = [holdThread(), holdThread(), holdThread()];
    const refused = await askPoster('Paper Lanterns');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ code: 'BUSY' });
    for (const gate of gates) gate.open();
    await Promise.all(gates.map((gate) => gate.held));
    expect((await askPoster('Paper Lanterns')).status).toBe(200);
  });
});
