import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/index.ts';
import { makeEvent } from './events.test-data.ts';
import { tellPeople } from './send-alert.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ worker: true });
});
afterAll(() => app.close());

// Signing up writes a mail of its own.
const mailsTo = (address: string) =>
  app.mails.filter((mail) => mail.to === address && /came back|on sale/.test(mail.subject));
const told = (address: string, times = 1) => expect.poll(() => mailsTo(address).length, { timeout: 5000 }).toBe(times);

/** The link of the mail that asks the mailbox. */
async function linkOf(address: string): Promise<{ alertId: string; key: string }> {
  const asked = () => app.mails.findLast((mail) => mail.to === address && /^Confirm your alert/.test(mail.subject));
  await expect.poll(asked, { timeout: 5000 }).toBeTruthy();
  const [, alertId = '', key = ''] = /\/alerts\/([0-9a-f-]+)\/confirm\?key=([\w-]+)/.exec(asked()?.text ?? '') ?? [];
  return { alertId, key };
}

it('tells each person once when a place comes back, however many workers look', async () => {
  const { id, tierIds } = await makeEvent(app.admin, {}, [{ name: 'Floor', quantity: 10, issued: 10 }]);
  const people = await Promise.all([0, 1, 2].map(() => app.signUp({ verified: true })));
  for (const person of people) await person.api.events.tellMe({ eventId: id, kind: 'place_back' });
  await tellPeople(app.work());
  for (const { email } of people) expect(mailsTo(email)).toHaveLength(0);

  await app.admin`update ticketing.ticket_tiers set issued_quantity = 9 where id = ${tierIds[0]!}`;
  await Promise.all([tellPeople(app.work()), tellPeople(app.work()), tellPeople(app.work())]);
  await tellPeople(app.work());
  for (const { email } of people) await told(email);
  await app.admin`update ticketing.ticket_tiers set issued_quantity = 8 where id = ${tierIds[0]!}`;
  await tellPeople(app.work());
  for (const { email } of people) expect(mailsTo(email)).toHaveLength(1);
  expect(mailsTo(people[0]!.email)[0]!.text).toContain('Floor');
});

it('tells a guest at the address she gave when sales open, and keeps a hidden number out of the mail', async () => {
  const { id } = await makeEvent(app.admin, { title: 'Kassel Drift', display: 'hidden' }, [
    { quantity: 748_313, salesStartIn: '1 hour' },
  ]);
  const visitor = app.visitor();
  await expect(visitor.api.events.tellMe({ eventId: id, kind: 'on_sale' })).rejects.toMatchObject({
    data: { code: 'INPUT_INVALID' },
  });
  await visitor.api.events.tellMe({ eventId: id, kind: 'on_sale', email: 'guest@example.test' });
  await app.visitor().api.events.confirmAlert(await linkOf('guest@example.test'));
  await tellPeople(app.work());
  expect(mailsTo('guest@example.test')).toHaveLength(0);
  await app.admin`update ticketing.ticket_tiers set sales_start = clock_timestamp() - interval '1 second' where event_id = ${id}`;
  await tellPeople(app.work());
  await told('guest@example.test');
  const mail = mailsTo('guest@example.test')[0]!;
  expect(mail.subject).toBe('Kassel Drift is on sale');
  expect(mail.html + mail.text).not.toContain('748313');
  const alertId = /\/alerts\/([0-9a-f-]+)\/stop/.exec(mail.text)?.[1] ?? '';
  expect(mail.stopUrl).toContain(alertId);
  await app.visitor().fetch(`/alerts/${alertId}/stop`, { method: 'POST' });
  expect(await app.admin`select 1 from events.event_alerts where event_id = ${id}`).toHaveLength(0);
});

it('says nothing to whoever took the wish back, or while sales are paused', async () => {
  const { id } = await makeEvent(app.admin, {}, [{ quantity: 10, issued: 5 }]);
  await app.admin`update events.events set sales_paused_at = clock_timestamp() where id = ${id}`;
  const keeps = await app.signUp({ verified: true });
  const leaves = await app.signUp({ verified: true });
  for (const person of [keeps, leaves]) await person.api.events.tellMe({ eventId: id, kind: 'place_back' });
  await leaves.api.events.untellMe({ eventId: id, kind: 'place_back' });
  await tellPeople(app.work());
  expect(mailsTo(keeps.email)).toHaveLength(0);
  await app.admin`update events.events set sales_paused_at = null where id = ${id}`;
  await tellPeople(app.work());
  await told(keeps.email);
  expect(mailsTo(leaves.email)).toHaveLength(0);
});
