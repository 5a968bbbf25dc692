import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type LiveSocket, type TestApp } from '../../testing/index.ts';

/** As in tell_holds: a statement over more is not told one by one. */
const TOLD_MOST = 5000;

let app: TestApp;
let eventId: string;
let tierId: string;

beforeAll(async () => {
  app = await createTestApp({ simulators: false });
  const { userId } = await app.signUp();
  const [event] = await app.admin`
    insert into events.events (title, owner_context_id, created_by, status, start_at)
    values ('Late Frequencies', ${userId}, ${userId}, 'published', clock_timestamp() + interval '3 days') returning id`;
  eventId = event?.id;
  const [tier] = await app.admin`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity)
    values (${eventId}, 'General Admission', 2000, 100) returning id`;
  tierId = tier?.id;
});
afterAll(() => app.close());

/** A buyer who holds a place and looks at her checkout in one tab, at something else in another. */
async function buyer(): Promise<{ userId: string; checkoutId: string; socket: LiveSocket }> {
  const who = await app.guest();
  const userId = (await who.actor())?.userId as string;
  const checkoutId = randomUUID();
  await who.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 1 }] });
  const socket = await who.socket();
  expect(await socket.join('order', checkoutId)).toMatchObject({ ok: true, snapshot: { data: { state: 'holding' } } });
  expect(await socket.join('user', userId)).toMatchObject({ ok: true });
  return { userId, checkoutId, socket };
}

describe('holds changed by somebody who knows nothing of this process', () => {
  it('are told to each buyer’s rooms, once, though one statement changed them all and was rolled back before', async () => {
    const people = await Promise.all([buyer(), buyer(), buyer()]);
    const checkouts = people.map(({ checkoutId }) => checkoutId);
    const release = (sql: typeof app.admin) => sql`
      update ticketing.ticket_holds set status = 'released', ended_at = clock_timestamp(), end_reason = 'by_staff'
       where checkout_id = any(${checkouts}::uuid[])`;
    for (const { socket } of people) await socket.settle();
    const before = people.map(({ socket, checkoutId }) => socket.snapshots('order', checkoutId).length);
    const undone = app.admin.begin(async (sql) => {
      await release(sql as unknown as typeof app.admin);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await release(app.admin);
    for (const [at, { socket, checkoutId, userId }] of people.entries()) {
      await socket.next((one) => one.kind === 'order' && (one.data as { state: string }).state === 'released');
      await socket.next((one) => one.kind === 'user' && one.id === userId);
      await socket.settle();
      expect(socket.snapshots('order', checkoutId)).toHaveLength((before[at] ?? 0) + 1);
      socket.close();
    }
  });

  it('are seen too when they are more than anybody is told one by one', async () => {
    const { userId, checkoutId, socket } = await buyer();
    const [crowd] =
      await app.admin`insert into auth.users (email, name) values (${`${randomUUID()}@example.test`}, 'Crowd') returning id`;
    await app.admin`
      insert into ticketing.ticket_holds (user_id, tier_id, event_id, quantity, status)
      select ${crowd?.id}, ${tierId}, ${eventId}, 1, 'released' from generate_series(1, ${TOLD_MOST})`;
    await socket.settle();
    const seen = socket.snapshots('order', checkoutId).at(-1)?.version ?? 1;
    await app.admin`update ticketing.ticket_holds set paused_seconds = paused_seconds + 1 where user_id = any(${[crowd?.id, userId]}::uuid[])`;
    await socket.next((one) => one.kind === 'order' && one.id === checkoutId && one.version > seen);
    socket.close();
  });
});
