import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing/index.ts';
import { insertEvent } from '../testing/live-fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp({ simulators: false });
});
afterAll(() => app?.close());

it('a role that is changed by SQL ends what the hot path keeps of her session, as soon as the feed has told of it', async () => {
  const mara = await app.signUp();
  const event = await insertEvent(app.database, mara.userId);
  const ask = () => mara.api.holds.release({ checkoutId: randomUUID() }).catch((error: { code: string }) => error.code);
  const socket = await app.visitor().socket();
  await socket.join('event', event);
  expect(await ask()).toBe('CHECKOUT_UNKNOWN'); // from here on kept

  await app.admin`update public.profiles set role = 'admin' where id = ${mara.userId}`;
  // The feed tells commits in their order: once this one is on the screen the role was heard.
  await app.admin`update events.events set status = 'postponed' where id = ${event}`;
  await socket.next(
    (snapshot) => snapshot.id === event && 'status' in snapshot.data && snapshot.data.status === 'postponed',
  );
  socket.close();

  // Nobody can read sessions now: what is kept would answer, what is read waits.
  let answered = false;
  const waits = await app.admin.begin(async (sql) => {
    await sql`lock table auth.sessions in access exclusive mode`;
    const asking = ask().then((code) => {
      answered = true;
      return code;
    });
    for (let reading = 0; reading === 0 && !answered; ) {
      const rows = await sql`
        select from pg_locks where relation = 'auth.sessions'::regclass and not granted`;
      reading = rows.length;
    }
    expect(answered).toBe(false);
    return { asking };
  });
  expect(await waits.asking).toBe('CHECKOUT_UNKNOWN');
});
