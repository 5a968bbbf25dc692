import { describe, expect, it } from 'vitest';
import { browserMissing } from '../browser.ts';
import {
  anotherTab,
  arrive,
  choose,
  code,
  goOnToPay,
  isSameDocument,
  mailsTo,
  markDocument,
  moneyOf,
  openOffice,
  orderOf,
  panelOf,
  payButton,
  payer,
  payWith,
  secondsLeft,
  take,
  tickets,
} from './buyer.ts';
import { visit } from './people.ts';

describe.skipIf(browserMissing)('paying', () => {
  const office = openOffice();
  const { here } = office;

  it('turns the order of a guest into tickets on the same page, shows the code, and mails them once', async () => {
    const buyer = await here(visit(office.browser, '/e/low-tide-radio'));
    const who = payer('Greta Guest');
    const checkoutId = await take(buyer, 'Floor', 2);
    const beside = await anotherTab(buyer, '/e/low-tide-radio');
    await panelOf(beside).getByRole('link', { name: 'Carry on' }).waitFor();
    await markDocument(beside);
    await goOnToPay(buyer, who);
    await markDocument(buyer);
    await payWith(buyer, '4242 pays');
    await tickets(buyer).waitFor();
    expect(await isSameDocument(buyer)).toBe(true);
    // The event's page in her other tab has no checkout to carry on with any more.
    await panelOf(beside).getByText('You have 2 tickets.').waitFor();
    expect(await panelOf(beside).getByRole('link', { name: 'Carry on' }).count()).toBe(0);
    expect(await isSameDocument(beside)).toBe(true);
    expect(new URL(buyer.url()).pathname).toBe(`/checkout/${checkoutId}`);
    await code(buyer).first().waitFor();

    await buyer.getByRole('link', { name: 'Open my tickets' }).click();
    await buyer.waitForURL('**/tickets/*');
    await code(buyer).first().waitFor();
    // Drawn again once the page is awake: the first one may be gone between two looks.
    const width = expect.poll(async () => (await code(buyer).first().boundingBox())?.width ?? 0);
    await width.toBeGreaterThanOrEqual(200);
    await width.toBeLessThanOrEqual(390);

    await expect.poll(() => mailsTo(who.email), { timeout: 30_000 }).toHaveLength(1);
    const order = await orderOf(office.books, checkoutId);
    expect(order).toMatchObject({ status: 'paid', total_cents: 2800, tickets: 2 });
    expect(await moneyOf(order?.id ?? '')).toEqual([{ type: 'charge.captured', amount: 2800, currency: 'eur' }]);
  });

  it('says a decline kindly and keeps the places, which another card then pays', async () => {
    const buyer = await here(visit(office.browser, '/e/bloom-brine'));
    const checkoutId = await take(buyer, 'Table');
    await goOnToPay(buyer, payer('Dora Decline'));
    await markDocument(buyer);
    const before = await secondsLeft(buyer);
    await payWith(buyer, '0002 declines');
    const alert = buyer.getByRole('alert').filter({ hasText: 'Your bank said no to this card.' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/Nothing was charged\. Your places are safe until \d\d:\d\d/);
    expect(await secondsLeft(buyer)).toBeLessThanOrEqual(before);
    expect(await orderOf(office.books, checkoutId)).toMatchObject({ status: 'pending', tickets: 0 });
    // The same sentence to whoever opens it later.
    const later = await anotherTab(buyer, `/checkout/${checkoutId}`);
    await later.getByRole('alert').filter({ hasText: 'Your bank said no to this card.' }).waitFor();
    await later.close();

    // Without a network it says once what is safe, and nothing any more when the network is back.
    await buyer.context().setOffline(true);
    await payButton(buyer).click();
    const away = buyer.getByRole('alert').filter({ hasText: 'Payment can’t be reached right now.' });
    await away.waitFor();
    expect((await away.textContent())?.match(/Nothing was charged/g)).toHaveLength(1);
    await buyer.context().setOffline(false);
    await away.waitFor({ state: 'detached' });

    await payWith(buyer, '4242 pays');
    await tickets(buyer).waitFor();
    expect(await isSameDocument(buyer)).toBe(true);
    const order = await orderOf(office.books, checkoutId);
    expect(order).toMatchObject({ status: 'paid', tickets: 1 });
    expect((await moneyOf(order?.id ?? '')).filter(({ type }) => type === 'charge.captured')).toHaveLength(1);
  });

  it('asks the bank’s question in place and goes on to the tickets', async () => {
    const buyer = await here(visit(office.browser, '/e/salt-line'));
    await take(buyer, 'GA', 2);
    await goOnToPay(buyer, payer('Thea Threeds'));
    await markDocument(buyer);
    await payWith(buyer, '3155 asks 3D Secure');
    const question = buyer.getByRole('dialog', { name: '3D Secure test' });
    await question.getByRole('button', { name: 'Complete authentication' }).click();
    await tickets(buyer).waitFor();
    expect(await isSameDocument(buyer)).toBe(true);
  });

  it('keeps the places when the bank’s question is failed, and when it is abandoned', async () => {
    const buyer = await here(visit(office.browser, '/e/salt-line'));
    const checkoutId = await take(buyer, 'GA');
    await goOnToPay(buyer, payer('Anna Abandon'));
    await payWith(buyer, '3155 asks 3D Secure');
    const question = buyer.getByRole('dialog', { name: '3D Secure test' });
    await question.getByRole('button', { name: 'Fail authentication' }).click();
    const alert = buyer.getByRole('alert').filter({ hasText: 'Your bank didn’t confirm it was you.' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/Your places are safe until \d\d:\d\d/);

    await payWith(buyer, '3155 asks 3D Secure');
    await question.waitFor();
    const later = await anotherTab(buyer, `/checkout/${checkoutId}`);
    await buyer.close();
    await later.getByLabel('Card number').waitFor();
    expect(await secondsLeft(later)).toBeGreaterThan(10 * 60);
    const order = await orderOf(office.books, checkoutId);
    expect(order).toMatchObject({ status: 'pending', tickets: 0 });
    expect((await moneyOf(order?.id ?? '')).filter(({ type }) => type === 'charge.captured')).toEqual([]);

    await payWith(later, '4242 pays');
    await tickets(later).waitFor();
    expect((await moneyOf(order?.id ?? '')).filter(({ type }) => type === 'charge.captured')).toHaveLength(1);
  });

  it('charges once for a double click', async () => {
    const buyer = await here(visit(office.browser, '/e/low-tide-radio', { width: 'desktop' }));
    const checkoutId = await take(buyer, 'Floor');
    await goOnToPay(buyer, payer('Dina Double'));
    await buyer.getByRole('button', { name: '4242 pays' }).click();
    await payButton(buyer).dblclick();
    await tickets(buyer).waitFor();
    const order = await orderOf(office.books, checkoutId);
    expect(order).toMatchObject({ status: 'paid', tickets: 1 });
    expect(await moneyOf(order?.id ?? '')).toEqual([{ type: 'charge.captured', amount: 1400, currency: 'eur' }]);
  });

  it('shows the tickets and no form to whoever comes back to a paid checkout', async () => {
    const buyer = await here(visit(office.browser, '/e/slow-bread-club'));
    const checkoutId = await take(buyer, 'Bench');
    await goOnToPay(buyer, payer('Berta Back'));
    await payWith(buyer, '4242 pays');
    await tickets(buyer).waitFor();
    const paid = async () => {
      await buyer.waitForURL(`**/checkout/${checkoutId}`);
      await tickets(buyer).waitFor();
      await code(buyer).waitFor();
      expect(await payButton(buyer).count()).toBe(0);
      expect(await buyer.getByLabel('Your name').count()).toBe(0);
    };
    await buyer.getByRole('link', { name: 'Open my tickets' }).click();
    await buyer.waitForURL('**/tickets/*');
    await buyer.goBack();
    await paid();
    await buyer.goto('/terms');
    await buyer.goBack();
    await paid();
    await buyer.reload();
    await paid();
    // One step further back is the event, which knows what was bought.
    await buyer.goto('/e/slow-bread-club');
    await panelOf(buyer).getByText('You have a ticket.').waitFor();
  });

  it('puts free and paid kinds into one order and charges the paid ones', async () => {
    const buyer = await here(visit(office.browser, '/e/kitchen-disco-for-families'));
    await choose(buyer, 'Grown-up', 1);
    await choose(buyer, 'Child', 2);
    await panelOf(buyer).getByRole('button', { name: 'Get 3 tickets, €8', exact: true }).click();
    const checkoutId = await arrive(buyer);
    await goOnToPay(buyer, payer('Frieda Family'));
    await buyer.getByRole('button', { name: '4242 pays' }).click();
    await buyer.getByRole('button', { name: 'Pay €8.00', exact: true }).click();
    await buyer.getByRole('heading', { name: 'Your 3 places are yours' }).waitFor();
    const order = await orderOf(office.books, checkoutId);
    expect(order).toMatchObject({ status: 'paid', total_cents: 800, tickets: 3 });
    expect(await moneyOf(order?.id ?? '')).toEqual([{ type: 'charge.captured', amount: 800, currency: 'eur' }]);
  });

  it('writes and charges yen as they are: ¥3,800, without decimals', async () => {
    const buyer = await here(visit(office.browser, '/e/tsuyu-letters', { width: 'desktop' }));
    await choose(buyer, 'Seat', 1);
    await panelOf(buyer).getByRole('button', { name: 'Get 1 ticket, ¥3,800', exact: true }).click();
    const checkoutId = await arrive(buyer);
    const summary = buyer.getByRole('complementary', { name: 'Your order' });
    expect(await summary.textContent()).toMatch(/Total[^¥]*(includes ¥\d+ tax)?[^¥]*¥3,800/);
    await goOnToPay(buyer, payer('Yuki Yen'));
    expect(await buyer.locator('main').textContent()).not.toMatch(/¥[\d,]+\.\d/);
    await buyer.getByRole('button', { name: '4242 pays' }).click();
    await buyer.getByRole('button', { name: 'Pay ¥3,800', exact: true }).click();
    await tickets(buyer).waitFor();
    const order = await orderOf(office.books, checkoutId);
    expect(await moneyOf(order?.id ?? '')).toEqual([{ type: 'charge.captured', amount: 3800, currency: 'jpy' }]);
  });
});
