import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing/index.ts';
import { insertEvent } from '../testing/live-fixture.ts';
import { type Actor, cacheSessions } from './sessions.ts';

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

it('what is being read while a session ends, or a person changes, is not kept', async () => {
  const mara = { userId: 'mara', sessionId: 'one' } as Actor;
  const reads: ((actor: Actor | null) => void)[] = [];
  const cache = cacheSessions({ read: () => new Promise((resolve) => reads.push(resolve)), isHearing: () => true });
  const ends = [
    () => cache.forget('cookie'),
    () => cache.drop({ sessionId: 'one' }),
    () => cache.drop({ userId: 'mara' }),
    () => cache.drop('everyone'),
  ];
  for (const end of ends) {
    const asked = reads.length;
    const first = cache.read('cookie');
    end();
    reads[asked]?.(mara);
    expect(await first).toBe(mara);
    const second = cache.read('cookie'); // read again
    expect(reads).toHaveLength(asked + 2);
    reads[asked + 1]?.(mara);
    await second;
    expect(await cache.read('cookie')).toBe(mara); // kept
    cache.drop('everyone');
  }
});

it('keeps nothing of a header that somebody made longer than our pages do', async () => {
  let read = 0;
  const cache = cacheSessions({
    read: async () => {
      read++;
      return { userId: 'mara', sessionId: 'hers' } as Actor;
    },
    isHearing: () => true,
  });
  const padded = `lv.session_token=hers; z=${'x'.repeat(1000)}`;
  cache.forget(padded);
  expect(await cache.read(padded)).toMatchObject({ userId: 'mara' });
  await cache.read(padded);
  expect(read).toBe(2);
});

it('keeps no more sessions than it may', async () => {
  let read = 0;
  const cache = cacheSessions({
    read: async (header) => {
      read++;
      return { userId: `${header}`, sessionId: `${header}` } as Actor;
    },
    isHearing: () => true,
    most: 80,
  });
  for (let n = 0; n < 81; n++) await cache.read(`${n}`);
  await cache.read('80');
  await cache.read('40');
  expect(read).toBe(81);
  await cache.read('0'); // the oldest eighth had to go
  expect(read).toBe(82);
});
