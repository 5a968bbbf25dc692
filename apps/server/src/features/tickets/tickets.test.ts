import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { createSigningKey, parseKeyRing, signTicket } from '../documents/sign-ticket.ts';
import { keyRingOf } from './key-ring.ts';
import { mailTickets } from './mail-tickets.ts';
import { admitTicket, redeemTicket, undoAdmission } from './redeem-ticket.ts';

let app: TestApp;
let theo: Awaited<ReturnType<TestApp['signUp']>>;

beforeAll(async () => {
  app = await createTestApp({ feed: false });
  // What completing an order enqueues is another feature's; these tests only need the queue to take it.
  await app.admin`insert into jobs.tasks (name) values ('orders.after-payment'), ('refunds.send') on conflict do nothing`;
  theo = await app.signUp({ name: 'Theo' });
});
afterAll(() => app.close());
beforeEach(() => app.services.limits.clear());

async function makeEvent(change: { startsIn?: string } = {}): Promise<{ eventId: string; tierId: string }> {
  const [event] = await app.admin<{ id: string }[]>`
    insert into events.events (title, venue, city, owner_context_id, created_by, status, start_at, doors_at)
    values ('Moth Season', 'Kesselhaus', 'Berlin', ${theo.userId}, ${theo.userId}, 'published',
      clock_timestamp() + ${change.startsIn ?? '1 hour'}::interval, clock_timestamp() + ${change.startsIn ?? '1 hour'}::interval - interval '1 hour')
    returning id`;
  const eventId = event?.id ?? '';
  const [tier] = await app.admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity) values (${eventId}, 'Floor', 1800, 50) returning id`;
  return { eventId, tierId: tier?.id ?? '' };
}

/** A completed order, made by the product's own functions. */
async function buy(userId: string, tierId: string, quantity: number, mailbox: string) {
  const { sql } = app.db.engine;
  const checkoutId = randomUUID();
  await sql`select ticketing.reserve_batch(array[${checkoutId}]::uuid[], array[${tierId}]::uuid[], array[${userId}]::uuid[], array[${quantity}]::int[])`;
  const [made] = await sql<{ order: { orderId: string; totalCents: number; code: string } }[]>`
    select ticketing.create_order(${checkoutId}, ${userId}, ${mailbox}, 'Mara Lind') as order`;
  const order = made?.order;
  if (!order) throw new Error('no order');
  const [done] = await sql<{ result: { outcome: string; tickets: { id: string; qrCode: string }[] } }[]>`
    select ticketing.complete_order_atomic(${order.orderId}, ${`pi_${checkoutId}`}, ${order.totalCents}) as result`;
  expect(done?.result.outcome).toBe('completed');
  return { checkoutId, ...order, tickets: done?.result.tickets ?? [] };
}

const idOf = async (browser: Visitor): Promise<string> => (await browser.actor())?.userId ?? '';
const doorOf = async () => app.ctx(await theo.actor());

async function nightOf(quantity = 2, change: { startsIn?: string } = {}) {
  const event = await makeEvent(change);
  const mara = await app.guest();
  const mailbox = `mara-${randomUUID()}@example.test`;
  const order = await buy(await idOf(mara), event.tierId, quantity, mailbox);
  const [first] = order.tickets;
  if (!first) throw new Error('no ticket');
  return { ...event, mara, mailbox, order, first, signed: signTicket(keyRingOf(app.env), first.qrCode) };
}

describe('a ticket', () => {
  it('gives its signed code to its owner and to nobody else', async () => {
    const { mara, order, first, signed } = await nightOf();
    const page = await mara.api.tickets.get({ ticketId: first.id });
    expect(page.tickets.map((ticket) => ticket.code?.slice(0, 4))).toEqual(['LV1.', 'LV1.']);
    expect(page.tickets[page.index]?.code).toBe(signed);
    for (const stranger of [await app.guest(), theo]) {
      await expect(stranger.api.tickets.get({ ticketId: first.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(stranger.api.tickets.ofOrder({ orderId: order.orderId })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    await expect(mara.api.tickets.get({ ticketId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is in its owner’s wallet without its code, and in nobody else’s', async () => {
    const { mara, eventId, signed, first } = await nightOf();
    const wallet = await mara.api.tickets.mine();
    expect(wallet.coming.map((night) => night.event.id)).toEqual([eventId]);
    expect(wallet.coming[0]?.tickets.map((ticket) => ticket.sequenceNumber)).toEqual([1, 2]);
    expect(JSON.stringify(wallet)).not.toContain(signed.slice(-40));
    expect(JSON.stringify(wallet)).not.toContain(first.qrCode);
    expect((await (await app.guest()).api.tickets.mine()).coming).toEqual([]);
  });

  it('lies with the past once its night is over, and shows no code while its refund is under way', async () => {
    const { mara, eventId, first } = await nightOf();
    await app.admin`update ticketing.tickets set suspended_reason = 'refund' where id = ${first.id}`;
    const page = await mara.api.tickets.get({ ticketId: first.id });
    expect(page.tickets.map((ticket) => ticket.code === null)).toEqual([true, false]);
    await app.admin`update events.events set start_at = start_at - interval '2 days', doors_at = null where id = ${eventId}`;
    const wallet = await mara.api.tickets.mine();
    expect([wallet.coming.length, wallet.past.length]).toEqual([0, 1]);
  });
});

describe('on paper', () => {
  const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

  it('an order is one page a ticket, for its owner only', async () => {
    const { mara, order, first } = await nightOf(3);
    const all = await mara.fetch(`/orders/${order.orderId}/tickets.pdf`);
    expect([all.status, all.headers.get('content-type'), all.headers.get('cache-control')]).toEqual([
      200,
      'application/pdf',
      'private, no-store',
    ]);
    expect(pagesOf(Buffer.from(await all.arrayBuffer()))).toBe(3);
    const one = await mara.fetch(`/tickets/${first.id}.pdf`);
    expect(pagesOf(Buffer.from(await one.arrayBuffer()))).toBe(1);
    for (const path of [`/tickets/${first.id}.pdf`, `/orders/${order.orderId}/tickets.pdf`]) {
      expect((await app.visitor().fetch(path)).status).toBe(404);
      expect((await theo.fetch(path)).status).toBe(404);
    }
  });

  it('leaves out a ticket that admits nobody, and is gone when none is left', async () => {
    const { mara, order, first } = await nightOf(2);
    await app.admin`update ticketing.tickets set suspended_reason = 'refund' where id = ${first.id}`;
    const rest = await mara.fetch(`/orders/${order.orderId}/tickets.pdf`);
    expect(pagesOf(Buffer.from(await rest.arrayBuffer()))).toBe(1);
    expect((await mara.fetch(`/tickets/${first.id}.pdf`)).status).toBe(410);
  });

  it('a receipt is for the buyer and the event’s order desk, not for strangers', async () => {
    const { mara, order } = await nightOf(1);
    const path = `/orders/${order.orderId}/receipt.pdf`;
    expect((await mara.fetch(path)).status).toBe(200);
    expect((await theo.fetch(path)).status).toBe(200);
    expect((await (await app.guest()).fetch(path)).status).toBe(404);
  });
});

describe('a lost order', () => {
  const linkIn = (text: string) => /\/l\/([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? '';
  const ask = (by: { email: string } | { code: string }) => app.visitor().api.tickets.findOrders(by);

  it('answers the same whether there is one or not, and mails only the mailbox that has one', async () => {
    const { mailbox } = await nightOf(1);
    const nobody = `nobody-${randomUUID()}@example.test`;
    expect(await ask({ email: nobody })).toEqual(await ask({ email: mailbox.toUpperCase() }));
    expect((await app.mailTo(mailbox)).text).toContain('/l/');
    expect(app.mails.some((mail) => mail.to.toLowerCase() === nobody)).toBe(false);
  });

  it('comes to another device by a mailed link, once, and leaves the first one', async () => {
    const { mara, mailbox, first } = await nightOf(2);
    await ask({ email: mailbox });
    const token = linkIn((await app.mailTo(mailbox)).text);
    const phone = app.visitor();
    expect(await phone.api.tickets.claimLink({ token })).toEqual({ tickets: 2, inAccount: 0 });
    expect((await phone.api.tickets.get({ ticketId: first.id })).tickets).toHaveLength(2);
    await expect(mara.api.tickets.get({ ticketId: first.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(app.visitor().api.tickets.claimLink({ token })).rejects.toMatchObject({
      code: 'LINK_EXPIRED',
      status: 410,
    });
    const [row] = await app.admin<
      { n: number }[]
    >`select count(*)::int as n from ticketing.order_links where encode(token_sha256, 'base64') = ${token}`;
    expect(row?.n).toBe(0);
  });

  it('is reached by its code too, through the same mailbox', async () => {
    const { mailbox, order } = await nightOf(1);
    await ask({ code: order.code });
    const token = linkIn((await app.mailTo(mailbox)).text);
    const account = await app.signUp();
    expect(await account.api.tickets.claimLink({ token })).toMatchObject({ tickets: 1 });
  });

  it('is not reached by a link of half an hour ago', async () => {
    const { mailbox } = await nightOf(1);
    await ask({ email: mailbox });
    const token = linkIn((await app.mailTo(mailbox)).text);
    await app.admin`update ticketing.order_links set expires_at = expires_at - interval '31 minutes' where mailbox = ${mailbox}`;
    await expect(app.visitor().api.tickets.claimLink({ token })).rejects.toMatchObject({ code: 'LINK_EXPIRED' });
  });

  it('stays in the account that bought it: a link from its mailbox does not take it away', async () => {
    const { tierId } = await makeEvent();
    const owner = await app.signUp();
    const mailbox = `kept-${randomUUID()}@example.test`;
    const order = await buy(owner.userId, tierId, 1, mailbox);
    await ask({ email: mailbox });
    const token = linkIn((await app.mailTo(mailbox)).text);
    expect(await app.visitor().api.tickets.claimLink({ token })).toEqual({ tickets: 0, inAccount: 1 });
    expect((await owner.api.tickets.get({ ticketId: order.tickets[0]?.id ?? '' })).tickets).toHaveLength(1);
  });

  it('is claimed by one of ten who open its link at once', async () => {
    const { mailbox, order } = await nightOf(2);
    await ask({ email: mailbox });
    const token = linkIn((await app.mailTo(mailbox)).text);
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () => app.visitor().api.tickets.claimLink({ token })),
    );
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    const owners =
      await app.admin`select distinct owner_user_id from ticketing.tickets where order_id = ${order.orderId}`;
    expect(owners).toHaveLength(1);
  });
});

describe('a reply to the mail with the tickets', () => {
  it('reaches the member of the team who is named for it, the operator when there is none or she has left', async () => {
    const host = await app.signUp({ name: 'Hanna', verified: true, secondFactor: true });
    const { id: orgId } = await host.api.organizations.create({ name: 'Night Works' });
    const [unproven, stranger] = [await app.signUp(), await app.signUp({ verified: true })];
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${unproven.userId}, 'viewer')`;
    for (const { userId } of [unproven, stranger])
      await expect(host.api.organizations.update({ orgId, contactUserId: userId })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    const desk = await app.signUp({ verified: true });
    await app.admin`insert into organizations.org_memberships (org_id, user_id, role) values (${orgId}, ${desk.userId}, 'viewer')`;
    const night = await nightOf(1);
    await app.admin`update events.events set owner_context_type = 'organization', owner_context_id = ${orgId} where id = ${night.eventId}`;
    const replyTo = async () => {
      await mailTickets(app.work(), { orderId: night.order.orderId }, `tickets-${randomUUID()}`);
      return app.mails.findLast(({ to }) => to === night.mailbox)?.replyTo;
    };
    expect(await replyTo()).toBeUndefined();
    const team = await host.api.organizations.update({ orgId, contactUserId: desk.userId });
    expect(team.organization.contactUserId).toBe(desk.userId);
    expect(await replyTo()).toBe(desk.email);
    await host.api.organizations.removeMember({ orgId, userId: desk.userId });
    expect(await replyTo()).toBeUndefined();
  });
});

describe('tickets by mail again', () => {
  it('go to the mailbox of the order, with the PDF and without a code in the words', async () => {
    const { mara, mailbox, order, signed } = await nightOf(2);
    expect(await mara.api.tickets.resend({ orderId: order.orderId })).toEqual({ queued: true });
    await mailTickets(app.work(), { orderId: order.orderId }, 'tickets-again');
    const mail = await app.mailTo(mailbox);
    expect(mail.attachments?.map((file) => file.contentType)).toEqual(['application/pdf']);
    expect(`${mail.html}${mail.text}`).not.toContain(signed.slice(0, 20));
    await expect((await app.guest()).api.tickets.resend({ orderId: order.orderId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a mail with tickets', () => {
  it('says when they are on hold, and is none when they have ended', async () => {
    const { mara, mailbox, order } = await nightOf(1);
    const { orderId } = order;
    await app.admin`update ticketing.tickets set suspended_reason = 'dispute' where order_id = ${orderId}`;
    expect(await mailTickets(app.work(), { orderId }, `on-hold-${orderId}`)).toBe(true);
    expect((await app.mailTo(mailbox)).text).toContain('the door lets nobody in with this order');
    await app.db.engine
      .sql`select ticketing.void_tickets(array(select id from ticketing.tickets where order_id = ${orderId}), null)`;
    expect(await mailTickets(app.work(), { orderId }, `ended-${orderId}`)).toBe(false);
    await expect(mara.api.tickets.resend({ orderId })).rejects.toMatchObject({ code: 'TICKET_REFUNDED' });
  });
});

describe('the door', () => {
  const outcomes = async (eventId: string) =>
    (
      await app.admin<
        { outcome: string }[]
      >`select outcome from analytics.scan_logs where event_id = ${eventId} order by created_at, id`
    ).map((row) => row.outcome);

  it('admits a ticket once, says when it was, and can take it back', async () => {
    const { eventId, signed, first } = await nightOf();
    const door = await doorOf();
    const admitted = await redeemTicket(door, { eventId, code: signed, gate: 'Gate B' });
    expect(admitted).toMatchObject({
      outcome: 'admitted',
      gate: 'Gate B',
      ticket: { id: first.id, tierName: 'Floor', holderName: 'Mara Lind' },
    });
    const again = await admitTicket(door, { eventId, ticketId: first.id });
    expect(again).toMatchObject({ outcome: 'already', redeemedAt: admitted.redeemedAt });
    expect(await undoAdmission(door, { eventId, ticketId: first.id })).toEqual({ undone: true });
    expect(await undoAdmission(door, { eventId, ticketId: first.id })).toEqual({ undone: false });
    expect(await redeemTicket(door, { eventId, code: signed })).toMatchObject({ outcome: 'admitted' });
    expect(await outcomes(eventId)).toEqual(['admitted', 'already', 'undone', 'admitted']);
  });

  it('refuses with the reason, and keeps every attempt', async () => {
    const { eventId, signed, first } = await nightOf();
    const other = await makeEvent();
    const door = await doorOf();
    const scan = async (code: string, at = eventId) => (await redeemTicket(door, { eventId: at, code })).outcome;
    const foreign = signTicket(parseKeyRing(createSigningKey().secret), first.qrCode);
    expect(await scan(foreign)).toBe('forged');
    expect(await scan('https://example.test/t/1')).toBe('forged');
    const at = signed.length - 20; // the end has bits that say nothing
    expect(await scan(signed.slice(0, at) + (signed[at] === 'A' ? 'B' : 'A') + signed.slice(at + 1))).toBe('forged');
    expect(await scan(signed, other.eventId)).toBe('wrong_event');
    await app.admin`update ticketing.tickets set suspended_reason = 'refund' where id = ${first.id}`;
    expect(await scan(signed)).toBe('suspended');
    await app.admin`update ticketing.tickets set suspended_reason = null, qr_code = ticketing.qr_code_of(id, rotation + 1), rotation = rotation + 1 where id = ${first.id}`;
    expect(await scan(signed)).toBe('stale');
    const [now] = await app.admin<{ qr_code: string }[]>`select qr_code from ticketing.tickets where id = ${first.id}`;
    expect(await scan(signTicket(keyRingOf(app.env), now?.qr_code ?? ''))).toBe('admitted');
    expect(await outcomes(eventId)).toEqual(['forged', 'forged', 'forged', 'suspended', 'stale', 'admitted']);
    expect(await outcomes(other.eventId)).toEqual(['wrong_event']);
  });

  it('refuses a refunded ticket, and any ticket on another day', async () => {
    const sent = await nightOf(1);
    await app.db.engine.transaction(async (_tx, sql) => {
      const [refund] = await sql<
        { result: { refundId: string } }[]
      >`select ticketing.request_refund(${sent.order.orderId}, 'requested', null) as result`;
      await sql`select ticketing.settle_refund(${refund?.result.refundId ?? ''}, true, 're_1')`;
    });
    expect(await redeemTicket(await doorOf(), { eventId: sent.eventId, code: sent.signed })).toMatchObject({
      outcome: 'refunded',
    });
    const early = await nightOf(1, { startsIn: '3 days' });
    expect(await redeemTicket(await doorOf(), { eventId: early.eventId, code: early.signed })).toMatchObject({
      outcome: 'wrong_day',
    });
  });

  it('is closed to strangers and to members without the role', async () => {
    const { eventId, signed, first, mara } = await nightOf();
    for (const actor of [null, await mara.actor()]) {
      await expect(redeemTicket(app.ctx(actor), { eventId, code: signed })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(admitTicket(app.ctx(actor), { eventId, ticketId: first.id })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(undoAdmission(app.ctx(actor), { eventId, ticketId: first.id })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    const other = await makeEvent();
    await expect(admitTicket(await doorOf(), { eventId: other.eventId, ticketId: first.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await outcomes(eventId)).toEqual([]);
  });

  it('lets one of 32 scanners admit a ticket', async () => {
    const { eventId, signed, first } = await nightOf(1);
    const door = await doorOf();
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, lane) => redeemTicket(door, { eventId, code: signed, gate: `Lane ${lane}` })),
    );
    expect(answers.filter((answer) => answer.outcome === 'admitted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.outcome === 'already')).toHaveLength(31);
    expect(await outcomes(eventId)).toHaveLength(32);
    const [row] = await app.admin<{ gate: string }[]>`select gate from ticketing.tickets where id = ${first.id}`;
    expect(row?.gate).toBe(answers.find((answer) => answer.outcome === 'admitted')?.gate);
  });
});
