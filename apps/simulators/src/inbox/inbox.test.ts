import nodemailer from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../start-simulators.ts';

let simulators: Simulators;
let post: ReturnType<typeof nodemailer.createTransport>;

beforeAll(async () => {
  simulators = await startSimulators();
  post = nodemailer.createTransport({ host: '127.0.0.1', port: simulators.smtpPort, secure: false });
});

afterAll(async () => {
  post.close();
  await simulators.stop();
});

const from = 'Liventix <tickets@liventix.test>';

it('a mail that is waited for arrives with everything in it, blind copies included', async () => {
  const waiting = simulators.inbox.waitForMail({ to: 'Mara@liventix.test', subject: /tickets/ });
  await post.sendMail({
    from,
    to: 'mara@liventix.test',
    bcc: 'audit@liventix.test',
    subject: 'Your 2 tickets ✓',
    text: 'See you Friday',
    html: '<p style="color:red">See you <b>Friday</b></p>',
    headers: { 'X-Order': 'o-1' },
    attachments: [{ filename: 'Ticket für Mara.pdf', content: Buffer.from('%PDF-1'), contentType: 'application/pdf' }],
  });
  const mail = await waiting;
  expect(mail).toMatchObject({ subject: 'Your 2 tickets ✓', from: expect.stringContaining('tickets@liventix.test') });
  expect(mail.to).toEqual(['mara@liventix.test', 'audit@liventix.test']);
  expect(mail.text).toContain('See you Friday');
  expect(mail.headers['x-order']).toBe('o-1');
  expect(mail.attachments[0]?.content.toString()).toBe('%PDF-1');

  const base = `${simulators.url}/inbox`;
  const [listed] = (await (await fetch(`${base}/messages.json?to=mara`)).json()) as { id: number; url: string }[];
  expect(listed).toMatchObject({ id: mail.id, url: `/simulators/inbox/${mail.id}` });
  expect(await (await fetch(`${base}?to=nobody`)).text()).toContain('No mail to');
  const page = await (await fetch(`${base}/${mail.id}`)).text();
  expect(page).toContain('sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"');
  expect(page).toContain('&lt;b&gt;Friday');
  expect(await (await fetch(`${base}/${mail.id}/text`)).text()).toContain('<pre class="mail">See you Friday');
  const file = await fetch(`${base}/${mail.id}/attachments/0`);
  expect(file.headers.get('content-disposition')).toContain("attachment; filename*=UTF-8''Ticket%20f%C3%BCr");
  expect(await file.text()).toBe('%PDF-1');
  expect((await fetch(`${base}/999`)).status).toBe(404);
});

it('only what came after a mail counts when that is asked', async () => {
  await post.sendMail({ from, to: 'theo@liventix.test', subject: 'First', text: '1' });
  const first = await simulators.inbox.waitForMail({ to: 'theo@liventix.test' });
  const second = simulators.inbox.waitForMail({ to: 'theo@liventix.test', after: first });
  await post.sendMail({ from, to: 'theo@liventix.test', subject: 'Second', text: '2' });
  expect((await second).subject).toBe('Second');
});

it('waiting for a mail that never comes says what is there instead', async () => {
  const never = simulators.inbox.waitForMail({ to: 'ines@liventix.test', withinMs: 20 });
  await expect(never).rejects.toThrow('No mail to ines@liventix.test within 20 ms. Here are: theo@liventix.test');
});

it('a refused mail is told to the sender, for now or for good', async () => {
  const mail = { from, to: 'ines@liventix.test', subject: 'Hello', text: 'x' };
  simulators.inbox.refuseNext(1);
  await expect(post.sendMail(mail)).rejects.toMatchObject({ responseCode: 451 });
  simulators.inbox.refuseNext(1, { forever: true });
  await expect(post.sendMail(mail)).rejects.toMatchObject({ responseCode: 550 });
  await post.sendMail(mail);
  expect(simulators.inbox.messages({ to: 'ines@liventix.test' })).toHaveLength(1);
});

it('keeps the last 500 mails', async () => {
  const mailer = nodemailer.createTransport({ host: '127.0.0.1', port: simulators.smtpPort, pool: true });
  const numbers = Array.from({ length: 510 }, (_, index) => index);
  await Promise.all(
    numbers.map((number) => mailer.sendMail({ from, to: 'all@liventix.test', subject: `${number}`, text: '' })),
  );
  mailer.close();
  expect(simulators.inbox.messages()).toHaveLength(500);
});
