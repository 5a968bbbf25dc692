import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { inventory } from '../inventory/take-places.ts';

let app: TestApp;
let eventId: string;
let tierId: string;
let balconyId: string;

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
  const [balcony] = await app.admin`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, max_per_order)
    values (${eventId}, 'Balcony', 1000, 30, 4) returning id`;
  balconyId = balcony?.id;
});
afterAll(() => app.close());

const wish = () => ({ eventId, checkoutId: randomUUID(), lines: [{ tierId, quantity: 2 }] });

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a place that was just taken', () => {
  it('is the buyer’s until the database says, at the price of its own grant, also when asked again', async () => {
    const subtotals = [];
    for (const priceCents of [2000, 2600, 3100]) {
      await app.admin`update ticketing.ticket_tiers set price_cents = ${priceCents} where id = ${tierId}`;
      const who = await app.guest();
      const asked = wish();
      const held = await who.api.holds.place(asked);
      const view = await who.api.holds.current({ eventId });
      expect(held).toEqual({ checkoutId: asked.checkoutId, expiresAt: view?.expiresAt });
      expect(await who.api.holds.place(asked)).toEqual(held);
      subtotals.push(view?.subtotalCents);
    }
    expect(subtotals).toEqual([4000, 5200, 6200]);
  });

  it('is not taken at another price than the buyer saw: she is told the new one, and holds nothing', async () => {
    await app.admin`update ticketing.ticket_tiers set price_cents = 2000 where id = ${tierId}`;
    const who = await app.guest();
    const seen = (seenCents: number) => ({
      eventId,
      checkoutId: randomUUID(),
      lines: [{ tierId, quantity: 2, seenCents }],
    });
    const before = await app.services.live.snapshot(app.ctx(null), 'event', eventId);
    await who.api.holds.place(seen(2100)).then(({ checkoutId }) => who.api.holds.release({ checkoutId }));
    await app.admin`update ticketing.ticket_tiers set price_cents = 3100 where id = ${tierId}`;
    // At once, and when the facts that were kept a moment ago are new too; what goes back like that is no give-back of hers.
    for (const _ of [1, 2, 3, 4]) {
      await expect(who.api.holds.place(seen(2100))).rejects.toMatchObject({
        code: 'PRICE_CHANGED',
        data: { details: { totalCents: 6510 } },
      });
    }
    expect(await who.api.holds.current({ eventId })).toBeNull();
    const userId = (await who.actor())?.userId ?? '';
    expect(await app.admin`select 1 from ticketing.hold_lapses where user_id = ${userId}`).toHaveLength(0);
    const after = await app.services.live.snapshot(app.ctx(null), 'event', eventId);
    expect((after.data as { page: string }).page).not.toBe((before.data as { page: string }).page);
    // The same number in another currency is another price.
    await expect(who.api.holds.place({ ...seen(3255), currency: 'GBP' })).rejects.toMatchObject({
      code: 'PRICE_CHANGED',
    });
    await who.api.holds.place({ ...seen(3255), currency: 'EUR' });
    expect((await who.api.holds.current({ eventId }))?.subtotalCents).toBe(6200);
  });

  it('is answered to each of a rush as her own, whatever the others of her batch are told', async () => {
    const people = await Promise.all(Array.from({ length: 24 }, () => app.guest()));
    const asked = people.map((_, at) => ({
      eventId,
      checkoutId: randomUUID(),
      lines: [{ tierId: balconyId, quantity: at % 3 === 2 ? 5 : 1 + (at % 3) }], // every third wants more than one may
    }));
    const answers = await Promise.allSettled(
      people.map((who, at) => who.api.holds.place(asked[at] as (typeof asked)[number])),
    );
    for (const [at, answer] of answers.entries()) {
      if (at % 3 === 2) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'QUANTITY_INVALID' } });
      else expect(answer).toMatchObject({ status: 'fulfilled', value: { checkoutId: asked[at]?.checkoutId } });
      const view = await people[at]?.api.holds.current({ eventId });
      expect(view?.lines[0]?.quantity).toBe(at % 3 === 2 ? undefined : 1 + (at % 3));
    }
  });

  it('is not taken for a client that went away while it waited', async () => {
    const stock = inventory(app);
    const people = await Promise.all([app.guest(), app.guest(), app.guest(), app.guest()]);
    const waiting: Promise<{ checkoutId: string }>[] = [];
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
    expect(await Promise.all(waiting)).toHaveLength(3);
    await until(() => stock.underWay === 0 && stock.waiting === 0);
    expect(await app.admin`select id from ticketing.ticket_holds where checkout_id = ${lost.checkoutId}`).toEqual([]);
  });
});
