import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { inventory } from '../inventory/take-places.ts';

let app: TestApp;
let eventId: string;
let tierId: string;

beforeAll(async () => {
  app = await createTestApp({ simulators: false });
  const { userId } = await app.signUp();
  const [event] = await app.admin`
    insert into events.events (title, owner_context_id, created_by, status, start_at, fee_bps, fee_paid_by)
    values ('Late Frequencies', ${userId}, ${userId}, 'published', clock_timestamp() + interval '3 days', 500, 'buyer') returning id`;
  eventId = event?.id;
  const [tier] = await app.admin`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, tax_rate_bps)
    values (${eventId}, 'General Admission', 2000, 400, 1900) returning id`;
  tierId = tier?.id;
});
afterAll(() => app.close());

const wish = () => ({ eventId, checkoutId: randomUUID(), lines: [{ tierId, quantity: 2 }] });

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a place that was just taken', () => {
  it('is shown as the database has it, at the price of its own grant, also when nothing was read', async () => {
    const views = [];
    for (const priceCents of [2000, 2600, 3100]) {
      await app.admin`update ticketing.ticket_tiers set price_cents = ${priceCents} where id = ${tierId}`;
      const who = await app.guest();
      const view = await who.api.holds.place(wish());
      const { serverNow, ...shown } = view;
      const { serverNow: later, ...read } = (await who.api.holds.current({ eventId })) as typeof view;
      expect(shown).toEqual(read);
      expect(later.getTime() - serverNow.getTime()).toBeGreaterThanOrEqual(0);
      views.push(view);
    }
    expect(views.map((view) => view.subtotalCents)).toEqual([4000, 5200, 6200]);
  });

  it('is not taken for a client that went away while it waited', async () => {
    const stock = inventory(app);
    const people = await Promise.all([app.guest(), app.guest(), app.guest(), app.guest()]);
    const waiting: Promise<{ state: string }>[] = [];
    const lost = wish();
    await app.admin.begin(async (sql) => {
      await sql`select from ticketing.ticket_tiers where id = ${tierId} for update`;
      // A batch is under way and waits for the tier; who comes now waits in the queue.
      const asked = app.app.server;
      for (const [index, who] of people.slice(0, 3).entries()) {
        const heard = once(asked, 'request');
        waiting.push(who.api.holds.place(wish()));
        await heard;
        await until(() => stock.underWay === 1 && stock.waiting === index);
      }
      const body = JSON.stringify({ json: lost });
      const socket = net.connect(Number(new URL(app.url).port), '127.0.0.1');
      await once(socket, 'connect');
      const heard = once(asked, 'request');
      socket.write(
        `POST /trpc/holds.place HTTP/1.1\r\nhost: x\r\norigin: ${app.url}\r\ncookie: ${people[3]?.jar.header}\r\n` +
          `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const [, response] = await heard;
      await until(() => stock.waiting === 3);
      const closed = once(response, 'close');
      socket.destroy();
      await closed;
    });
    expect((await Promise.all(waiting)).map((view) => view.state)).toEqual(['holding', 'holding', 'holding']);
    await until(() => stock.underWay === 0 && stock.waiting === 0);
    expect(await app.admin`select id from ticketing.ticket_holds where checkout_id = ${lost.checkoutId}`).toEqual([]);
  });
});
