import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tellPeople } from '../../apps/server/src/features/events/send-alert.ts';
import { makeReadyEvent } from '../../apps/server/src/features/organizer/organizer.test-data.ts';
import { takeMail } from '../../apps/server/src/platform/mail-budget.ts';

/** Mail bombs: what strangers can have mailed to somebody who asked for none of it. */
let app: TestApp;
let eventId: string;
let tierId: string;
beforeAll(async () => {
  app = await createTestApp({ simulators: false, worker: true, env: { DEMO: false, TRUST_PROXY: 1 } });
  const host = await app.signUp({ verified: true });
  const ready = await makeReadyEvent(host, { tiers: [{ name: 'Free', priceCents: 0, quantity: 200 }] });
  await host.api.organizer.publish({ eventId: ready.eventId });
  eventId = ready.eventId;
  tierId = ready.tierIds[0] as string;
});
afterAll(() => app?.close());
beforeEach(() => app.services.limits.clear());

/** Asks at a door of the sign-in for a mail, from an address. */
const signInMail = async (path: string, email: string, from: string): Promise<number> => {
  const body = path.endsWith('-otp') ? { email, type: 'sign-in' } : { email };
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': from };
  return (await app.visitor().fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
};

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );

it('one alert of a kind is kept for a mailbox, however many guests ask for it, also in the same moment', async () => {
  const vic = `${randomUUID()}@corp.test`;
  const spellings = [vic, vic.toUpperCase(), vic.replace('@', '+a@')];
  const guests = await Promise.all(Array.from({ length: 9 }, () => app.guest()));
  await Promise.all(
    guests.map((guest, at) => code(guest.api.events.tellMe({ eventId, kind: 'place_back', email: spellings[at % 3] }))),
  );
  const kept =
    await app.admin`select 1 from events.event_alerts where public.normal_mailbox(mailbox) = public.normal_mailbox(${vic})`;
  expect(kept).toHaveLength(1);
});

it('has a budget for each purpose: links and codes; resets; tickets; invitations and alerts', async () => {
  const { email: vic } = await app.signUp({ email: `${randomUUID()}@corp.test`, verified: true });
  const host = await app.signUp({ verified: true, secondFactor: true });
  const { id: orgId } = await host.api.organizations.create({ name: 'Night Works' });
  const link = (n: number) =>
    signInMail(n % 2 ? '/auth/sign-in/magic-link' : '/auth/email-otp/send-verification-otp', vic, '127.0.0.1');
  const other = async (n: number) =>
    n < 2
      ? code((await app.guest()).api.events.tellMe({ eventId, kind: n === 0 ? 'on_sale' : 'place_back', email: vic }))
      : code(host.api.organizations.invite({ orgId, email: vic, role: 'viewer' }));
  const answersOf = async (times: number, cause: (n: number) => Promise<unknown>) => {
    const answers: unknown[] = [];
    for (let n = 0; n < times; n++) answers.push(await cause(n));
    return answers;
  };
  expect(await answersOf(12, link)).toEqual([...Array(10).fill(200), 429, 429]);
  const reset = () => signInMail('/auth/request-password-reset', vic, '127.0.0.1');
  expect(await answersOf(11, reset)).toEqual([...Array(10).fill(200), 429]);
  expect(await answersOf(10, other)).toEqual([...Array(8).fill('ok'), 'RATE_LIMITED', 'RATE_LIMITED']);
});

it('comes from one address by half at most: the other half is there for whoever is somewhere else', async () => {
  const vic = `${randomUUID()}@corp.test`;
  const from = async (address: string, times: number) => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n++) statuses.push(await signInMail('/auth/sign-in/magic-link', vic, address));
    return statuses;
  };
  expect(await from('198.51.100.7', 7)).toEqual([200, 200, 200, 200, 200, 429, 429]);
  expect(await from('198.51.100.8', 5)).toEqual(Array(5).fill(200));
  expect(await from('198.51.100.9', 1)).toEqual([429]);
});

it('goes to seventy people of one Wi-Fi who sign in within a minute, and to six hundred strangers an hour of one address', async () => {
  const hall = '203.0.113.70';
  const sendCode = (at: string) => signInMail('/auth/email-otp/send-verification-otp', `${randomUUID()}@corp.test`, at);
  expect(new Set(await Promise.all(Array.from({ length: 70 }, () => sendCode(hall))))).toEqual(new Set([200]));
  const take = () => takeMail(app.services, { purpose: 'owner', mailbox: `${randomUUID()}@corp.test`, address: hall });
  const taken = await Promise.all(Array.from({ length: 540 }, take));
  expect(taken.filter((wait) => wait === null)).toHaveLength(530);
  // Whom we know gets a link all the same, and the answer does not say so.
  const mara = await app.signUp({ verified: true });
  const asked = async (email: string) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-forwarded-for': hall };
    const answer = await app
      .visitor()
      .fetch('/auth/sign-in/magic-link', { method: 'POST', headers, body: JSON.stringify({ email }) });
    return { status: answer.status, ...((await answer.json()) as { code: string }) };
  };
  const madeUp = `${randomUUID()}@corp.test`;
  const answers = [await asked(madeUp), await asked(mara.email)];
  expect(answers).toMatchObject([
    { status: 429, code: 'MAILS_LIMITED' },
    { status: 429, code: 'MAILS_LIMITED' },
  ]);
  const mailedTo = (mailbox: string) => app.mails.filter(({ to }) => to === mailbox).map(({ subject }) => subject);
  await expect.poll(() => mailedTo(mara.email)).toEqual(['Your sign-in link']);
  expect(mailedTo(madeUp)).toEqual([]);
  expect(await sendCode('203.0.113.71')).toBe(200);
});

it('that is asked for where an address has used its mails up, and never goes out, uses nothing of a mailbox’s up', async () => {
  const vic = `${randomUUID()}@corp.test`;
  for (const used of ['198.51.100.7', '203.0.113.9']) {
    const all = { name: 'mail.from-here', points: 600, perSeconds: 3600, by: 'address' } as const;
    await app.services.limits.take(all, used, 601, used);
    for (let n = 0; n < 5; n++) expect(await signInMail('/auth/sign-in/magic-link', vic, used)).toBe(429);
  }
  expect(await signInMail('/auth/sign-in/magic-link', vic, '192.0.2.44')).toBe(200);
  expect(await signInMail('/auth/email-otp/send-verification-otp', vic, '192.0.2.44')).toBe(200);
});

it('that is too much takes nobody’s free places away: her order is taken, its tickets are shown and mailed when she asks later', async () => {
  const vic = `${randomUUID()}@corp.test`;
  const order = async () => {
    const guest = await app.guest();
    const checkoutId = randomUUID();
    await guest.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 1 }] });
    const made = await guest.api.orders.create({ checkoutId, email: vic, name: 'Quillfeather', showFirstName: false });
    return { guest, made };
  };
  for (let n = 0; n < 8; n++) expect((await order()).made.order?.mailWithheld).toBe(false);
  const mails = () => app.mails.filter(({ to }) => to === vic).length;
  await expect.poll(mails, { timeout: 20_000 }).toBe(8);
  // A mailbox that nobody proved is mailed no stranger's words, and no name is a link.
  for (const { to, html, text } of app.mails) if (to === vic) expect(html + text).not.toContain('Quillfeather');
  const linked = { checkoutId: randomUUID(), email: vic, name: 'Win at http://evil.example', showFirstName: false };
  expect(await code((await app.guest()).api.orders.create(linked))).toBe('INPUT_INVALID');

  const { guest, made } = await order();
  expect([made.state, made.tickets.length, made.order?.mailWithheld]).toEqual(['paid', 1, true]);
  const orderId = made.order?.id ?? '';
  expect((await guest.api.tickets.ofOrder({ orderId })).tickets[0]?.code).toMatch(/^LV1/);
  expect(await code(guest.api.tickets.resend({ orderId }))).toBe('RATE_LIMITED');

  // An hour later.
  app.services.limits.clear();
  expect(await code(guest.api.tickets.resend({ orderId }))).toBe('ok');
  await expect.poll(mails, { timeout: 20_000 }).toBe(9);
  const later = () => guest.api.orders.checkout({ checkoutId: made.checkoutId });
  await expect.poll(async () => (await later()).order?.mailWithheld, { timeout: 5000 }).toBe(false);
});

it('a Gmail mailbox has one budget, however its dots are set', async () => {
  const local = randomUUID().replaceAll('-', '');
  const statuses: number[] = [];
  for (let n = 1; n <= 12; n++) {
    const email = `${local.slice(0, n)}.${local.slice(n)}@${n % 2 ? 'gmail' : 'googlemail'}.com`;
    statuses.push((await app.visitor().post('/auth/sign-in/magic-link', { email })).status);
  }
  expect(statuses).toEqual([...Array(10).fill(200), 429, 429]);
});

it('tickets that are sent again count for a mailbox that their buyer has not proven', async () => {
  const vic = `${randomUUID()}@corp.test`;
  const orders: { guest: Awaited<ReturnType<TestApp['guest']>>; orderId: string }[] = [];
  for (let n = 0; n < 3; n++) {
    const guest = await app.guest();
    const checkoutId = randomUUID();
    await guest.api.holds.place({ eventId, checkoutId, lines: [{ tierId, quantity: 1 }] });
    const made = await guest.api.orders.create({ checkoutId, email: vic, name: 'Vic', showFirstName: false });
    orders.push({ guest, orderId: made.order?.id ?? '' });
  }
  const answers: string[] = [];
  for (let n = 0; n < 9; n++) {
    const { guest, orderId } = orders[n % 3] as (typeof orders)[number];
    answers.push(await code(guest.api.tickets.resend({ orderId })));
  }
  expect(answers).toEqual([...Array(5).fill('ok'), ...Array(4).fill('RATE_LIMITED')]);
});

it('a link that asks for a mail each time it is opened counts each', async () => {
  const mara = await app.signUp({ verified: true });
  const vic = `${randomUUID()}@corp.test`;
  await mara.post('/auth/change-email', { newEmail: vic });
  const asked = () => app.mails.findLast((mail) => mail.to === mara.email && /change/i.test(mail.subject));
  await expect.poll(asked).toBeTruthy();
  const token = new URL(/https?:\/\/\S+\?token=[\w.-]+/.exec(asked()?.text ?? '')?.[0] ?? '').searchParams.get('token');
  const answers: string[] = [];
  for (let n = 0; n < 11; n++) answers.push(await code(mara.api.accounts.openAddressLink({ token: token ?? '' })));
  expect(answers).toEqual([...Array(8).fill('ok'), ...Array(3).fill('RATE_LIMITED')]);
});

it('does not keep a person from mail of her own mailbox that she has proven', async () => {
  const mara = await app.signUp({ verified: true });
  for (let n = 0; n < 12; n++) {
    app.services.limits.clear();
    expect(await code(mara.api.events.tellMe({ eventId, kind: 'on_sale' }))).toBe('ok');
  }
});

/** What comes back for a POST as a mail program writes it: no cookie, no Origin. */
const postRaw = (path: string, type: string, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { host, port } = new URL(app.url);
    const socket = net.connect(Number(port), '127.0.0.1', () =>
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      ),
    );
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });

it('an alert ends by a button or by the bytes that a mail program posts, not by looking at its link', async () => {
  const wish = async () => {
    const guest = await app.guest();
    await guest.api.events.tellMe({ eventId, kind: 'on_sale', email: `${randomUUID()}@corp.test` });
    const userId = (await guest.actor())?.userId ?? '';
    const [row] = await app.admin<{ id: string }[]>`select id from events.event_alerts where user_id = ${userId}`;
    return row?.id ?? '';
  };
  const alive = async (id: string) => (await app.admin`select 1 from events.event_alerts where id = ${id}`).length;
  const [first, second, third] = [await wish(), await wish(), await wish()];
  for (const method of ['GET', 'HEAD']) await app.visitor().fetch(`/alerts/${first}/stop`, { method });
  expect(await alive(first)).toBe(1);

  const urlencoded = 'application/x-www-form-urlencoded';
  const pressed = await postRaw(`/alerts/${first}/stop`, urlencoded, '');
  expect(pressed).toMatch(/^HTTP\/1\.1 303 .*\r\nlocation: \/e\/velvet[^\r]*\?alert=stopped\r\n/is);
  // The mail program's own asks for no page and follows no redirect; it may come twice, and years later.
  for (let time = 0; time < 2; time++) {
    const answer = await postRaw(`/alerts/${second}/stop`, urlencoded, 'List-Unsubscribe=One-Click');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  }
  const parts = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
  expect(await postRaw(`/alerts/${third}/stop`, 'multipart/form-data; boundary=b', parts)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await Promise.all([first, second, third].map(alive))).toEqual([0, 0, 0]);
  expect(await postRaw('/alerts/nobody/stop', urlencoded, 'List-Unsubscribe=One-Click')).toMatch(/^HTTP\/1\.1 200 /);
});

it('a mailbox that a stranger named gets one question, and nothing more until its owner says yes by the link in it', async () => {
  const vic = `${randomUUID()}@corp.test`;
  const stranger = await app.guest();
  for (let n = 0; n < 3; n++)
    expect(await stranger.api.events.tellMe({ eventId, kind: 'on_sale', email: vic })).toEqual({ state: 'asked' });
  expect(await (await app.guest()).api.events.tellMe({ eventId, kind: 'on_sale', email: vic })).toEqual({
    state: 'asked',
  });
  const mails = () => app.mails.filter(({ to }) => to === vic);
  await expect.poll(() => mails().length, { timeout: 5000 }).toBe(1);
  const [, alertId = '', key = ''] = /\/alerts\/([0-9a-f-]+)\/confirm\?key=([\w-]+)/.exec(mails()[0]?.text ?? '') ?? [];

  // The event is on sale: every alert that may be told is told now.
  while (await tellPeople(app.work())) {}
  const told = async () =>
    (await app.admin`select 1 from events.event_alerts where mailbox = ${vic} and told_at is not null`).length;
  expect(await told()).toBe(0);

  // Whoever asked knows the alert's id from the export of her data; the key is in the mail alone.
  for (const guess of ['A'.repeat(43), alertId.replaceAll('-', '').padEnd(43, '0')])
    expect(await code(stranger.api.events.confirmAlert({ alertId, key: guess }))).toBe('LINK_EXPIRED');
  await app.visitor().fetch(`/alerts/${alertId}/confirm?key=${key}`);
  while (await tellPeople(app.work())) {}
  expect(await told()).toBe(0);

  expect(await app.visitor().api.events.confirmAlert({ alertId, key })).toMatchObject({ slug: expect.any(String) });
  while (await tellPeople(app.work())) {}
  expect(await told()).toBe(1);
  await expect
    .poll(() => mails().map(({ subject }) => /on sale/.test(subject)), { timeout: 5000 })
    .toEqual([false, true]);
});

it('a stranger’s question does not stand in the way of the owner’s own alert', async () => {
  const mara = await app.signUp({ verified: true });
  await (await app.guest()).api.events.tellMe({ eventId, kind: 'place_back', email: mara.email });
  expect(await mara.api.events.tellMe({ eventId, kind: 'place_back' })).toEqual({ state: 'telling' });
  const kept =
    await app.admin`select user_id from events.event_alerts where mailbox = ${mara.email} and confirmed_at is not null`;
  expect(kept).toHaveLength(1);
});

describe('an event', () => {
  it('goes on sale in the name of a proven mailbox alone: its words are mailed to everybody who orders', async () => {
    const stranger = await app.signUp();
    const { eventId } = await makeReadyEvent(stranger);
    await expect(stranger.api.organizer.publish({ eventId })).rejects.toMatchObject({ code: 'HOST_UNPROVEN' });
    await app.admin`update auth.users set email_verified = true where id = ${stranger.userId}`;
    expect(await stranger.api.organizer.publish({ eventId })).toMatchObject({ status: 'published' });
  });
});

it('is asked for by a door that mails nothing: nobody uses up the budget of a proven mailbox there', async () => {
  const vic = await app.signUp({ verified: true });
  const thief = app.visitor();
  await thief.post('/auth/sign-in/email', { email: vic.email, password: 'a-good-password' });
  for (const browser of [app.visitor(), thief])
    for (let n = 0; n < 12; n++)
      expect((await browser.post('/auth/send-verification-email', { email: vic.email })).status).toBe(401);
  expect((await app.visitor().post('/auth/request-password-reset', { email: vic.email })).status).toBe(200);
  await expect.poll(() => app.mails.filter(({ to }) => to === vic.email).length, { timeout: 20_000 }).toBe(1);
});
