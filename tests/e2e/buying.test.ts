import type { Locator, Page } from 'playwright-core';
import type { Sql } from 'postgres';
import { describe, expect, it } from 'vitest';
import { browserMissing } from '../browser.ts';
import {
  anotherTab,
  arrive,
  choose,
  code,
  goOnToPay,
  isSameDocument,
  letLapse,
  markDocument,
  openOffice,
  orderOf,
  panelOf,
  payButton,
  payer,
  payWith,
  secondsLeft,
  take,
  tellWho,
  tickets,
} from './buyer.ts';
import { demoUrl, live, ONCE_MORE, visit, visitAs } from './people.ts';

describe.skipIf(browserMissing)('taking places', () => {
  const office = openOffice();
  const { here } = office;

  it('moves the number in every window that shows the event, without a reload, and moves it back on release', async () => {
    const watcher = await here(visit(office.browser, '/e/moth-season', { width: 'desktop' }));
    const buyer = await here(visit(office.browser, '/e/moth-season'));
    await live(watcher);
    await markDocument(watcher);
    const before = await freePlaces(watcher);

    await take(buyer, 'Pew', 3);
    await freeSays(watcher, before - 3);
    await panelOf(watcher)
      .getByRole('img', { name: /\b3 in checkout\b/ })
      .waitFor();

    await buyer.getByRole('button', { name: 'Give my places back' }).click();
    await buyer.getByRole('heading', { name: 'These places went back' }).waitFor();
    await freeSays(watcher, before);
    expect(await isSameDocument(watcher)).toBe(true);
  });

  it('shows one countdown in every tab of a person, and offers the way back to the places on the event page', async () => {
    const first = await here(visit(office.browser, '/e/low-tide-radio'));
    // Opened before she was anybody: the first hold in the other tab makes this one hers too, without a reload.
    const early = await anotherTab(first, '/e/low-tide-radio');
    await live(early);
    await markDocument(early);
    const checkoutId = await take(first, 'Floor', 2);
    await panelOf(early)
      .getByText(/^2 yours, \d+:\d\d left$/)
      .waitFor();
    expect(await isSameDocument(early)).toBe(true);
    const second = await anotherTab(first, `/checkout/${checkoutId}`);
    const third = await anotherTab(first, '/e/low-tide-radio');
    await live(third);
    // Asked again while a page still starts: it counts by its own clock until the server has told it the time.
    const apart = async () => {
      const seconds = await Promise.all([first, second, third].map(secondsLeft));
      expect(Math.min(...seconds)).toBeGreaterThan(13 * 60);
      expect(Math.max(...seconds)).toBeLessThanOrEqual(15 * 60);
      return Math.max(...seconds) - Math.min(...seconds);
    };
    await expect.poll(apart, { timeout: 20_000 }).toBeLessThanOrEqual(1);

    await panelOf(third)
      .getByText(/^2 yours, \d+:\d\d left$/)
      .waitFor();
    await panelOf(third).getByRole('link', { name: 'Carry on' }).click();
    expect(await arrive(third)).toBe(checkoutId);

    // Given back in one tab, it is over in the others.
    await first.getByRole('button', { name: 'Give my places back' }).click();
    for (const tab of [first, second, third])
      await tab.getByRole('heading', { name: 'These places went back' }).waitFor();
    await panelOf(early).getByRole('link', { name: 'Carry on' }).waitFor({ state: 'detached' });
    expect(await isSameDocument(early)).toBe(true);
  });

  it('says kindly that the time ran out, and takes the places again with everything typed still there', async () => {
    const buyer = await here(visit(office.browser, '/e/bloom-brine'));
    const who = payer('Lotte Lapse');
    const lapsedId = await take(buyer, 'Table', 2);
    await tellWho(buyer, who);
    await letLapse(office.books, lapsedId);
    await buyer.getByRole('heading', { name: 'Your time ran out' }).waitFor();
    await buyer.getByText('so the places went back').waitFor();
    await buyer.getByText('We kept what you typed.').waitFor();

    await buyer.getByRole('button', { name: 'Take 2 again' }).click();
    const againId = await arrive(buyer, lapsedId);
    expect(await buyer.getByLabel('Your name').inputValue()).toBe(who.name);
    expect(await buyer.getByLabel('Email', { exact: true }).inputValue()).toBe(who.email);
    expect(await secondsLeft(buyer)).toBeGreaterThan(14 * 60);

    await buyer.getByRole('button', { name: 'Go on to pay' }).click();
    await buyer.getByLabel('Card number').waitFor();
    await payWith(buyer, '4242 pays');
    await tickets(buyer).waitFor();
    expect(await orderOf(office.books, lapsedId)).toBeUndefined();
    expect(await orderOf(office.books, againId)).toMatchObject({ status: 'paid', tickets: 2 });
  });

  it('is lost with the cookie to this browser alone: a kind page with ways forward, and the places stay in checkout', async () => {
    const buyer = await here(visit(office.browser, '/e/moth-season'));
    const checkoutId = await take(buyer, 'Pew', 2);
    await buyer.context().clearCookies();
    const answer = await buyer.reload();
    expect(answer?.status()).toBe(404);
    await buyer.getByRole('heading', { level: 1, name: 'We can’t show this checkout here' }).waitFor();
    await buyer.getByText('Nothing was charged twice, and paid tickets are never lost.').waitFor();
    expect(await buyer.locator('main').textContent()).not.toContain('Moth Season');

    // Nobody lost the places: for everybody else they are in somebody's checkout until its time is over.
    expect(await heldPlaces(office.books, checkoutId)).toBe(2);
    const reader = await anotherTab(buyer, '/e/moth-season');
    await panelOf(reader)
      .getByRole('img', { name: /\b2 in checkout\b/ })
      .waitFor();
    expect(await panelOf(reader).getByText(/yours/).count()).toBe(0);

    await buyer.getByRole('link', { name: 'Find my tickets' }).click();
    await buyer.waitForURL('**/find-order');
    await buyer.goBack();
    await buyer.getByRole('link', { name: 'See what’s on' }).click();
    await buyer.waitForURL(`${demoUrl()}/`);

    await letLapse(office.books, checkoutId);
    await panelOf(reader)
      .getByRole('img', { name: /in checkout/ })
      .waitFor({ state: 'detached' });
  });

  it('keeps what was typed when the time runs out at the card form', async () => {
    const buyer = await here(visit(office.browser, '/e/bloom-brine'));
    const who = payer('Lars Late');
    const lapsedId = await take(buyer, 'Table');
    await goOnToPay(buyer, who);
    await letLapse(office.books, lapsedId);
    await buyer.getByRole('heading', { name: 'Your time ran out' }).waitFor();
    await buyer.getByRole('button', { name: 'Take 1 again' }).click();
    const againId = await arrive(buyer, lapsedId);
    expect(await buyer.getByLabel('Your name').inputValue()).toBe(who.name);
    expect(await buyer.getByLabel('Email', { exact: true }).inputValue()).toBe(who.email);
    await expect
      .poll(() => orderOf(office.books, lapsedId), { timeout: 20_000 })
      .toMatchObject({ status: 'cancelled' });
    expect(againId).not.toBe(lapsedId);
  });

  it('gives a free place to somebody who has nothing but a keyboard, who always sees where they are', async () => {
    const buyer = await here(visit(office.browser, '/e/night-market-of-small-things', { width: 'desktop' }));
    await live(buyer);
    await tabTo(buyer, panelOf(buyer).getByRole('button', { name: 'One more: How many: Free' }));
    await buyer.keyboard.press('Space');
    await tabTo(buyer, panelOf(buyer).getByRole('button', { name: 'Get 1 ticket, free' }));
    await buyer.keyboard.press('Enter');
    await arrive(buyer);
    // The page she comes to is read out from its heading on.
    await buyer.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await tabTo(buyer, buyer.getByLabel('Your name'));
    await buyer.keyboard.type('Kim Keys');
    await tabTo(buyer, buyer.getByLabel('Email', { exact: true }));
    await buyer.keyboard.type('kim.keys@example.org');
    await tabTo(buyer, buyer.getByRole('button', { name: 'Get 1 ticket' }));
    await buyer.keyboard.press('Space');
    await tickets(buyer).waitFor();
    await code(buyer).waitFor();
    // The turned page starts at its new heading, and the next key goes on from there.
    expect(await tickets(buyer).evaluate((heading) => heading === document.activeElement)).toBe(true);
    await tabTo(buyer, buyer.getByRole('link', { name: 'Open my tickets' }));
    await buyer.keyboard.press('Enter');
    await buyer.waitForURL('**/tickets/*');
    await code(buyer).waitFor();
  });

  it('sells a paid place to a keyboard alone', async () => {
    const buyer = await here(visit(office.browser, '/e/salt-line', { width: 'desktop' }));
    await live(buyer);
    await tabTo(buyer, panelOf(buyer).getByRole('button', { name: 'One more: How many: GA' }));
    await buyer.keyboard.press('Enter');
    await tabTo(buyer, panelOf(buyer).getByRole('button', { name: /^Get 1 ticket/ }));
    await buyer.keyboard.press('Space');
    await arrive(buyer);
    await tabTo(buyer, buyer.getByLabel('Your name'));
    await buyer.keyboard.type('Tabea Tab');
    await tabTo(buyer, buyer.getByLabel('Email', { exact: true }));
    await buyer.keyboard.type('tabea.tab@example.org');
    await buyer.keyboard.press('Enter');
    await buyer.getByLabel('Card number').waitFor();
    await tabTo(buyer, buyer.getByLabel('Card number'));
    await buyer.keyboard.type('4242424242424242');
    await tabTo(buyer, buyer.getByLabel('Expiry'));
    await buyer.keyboard.type('1234');
    await tabTo(buyer, buyer.getByLabel('CVC'));
    await buyer.keyboard.type('123');
    await tabTo(buyer, payButton(buyer));
    await buyer.keyboard.press('Enter');
    await tickets(buyer).waitFor();
  });

  it('holds nothing for a browser that keeps no cookies, and says why', async () => {
    const buyer = await here(visit(office.browser, '/'));
    await buyer.context().addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });
    });
    await buyer.goto('/e/kitchen-disco-for-families');
    await panelOf(buyer).getByText('Your browser blocks cookies').waitFor();
    await choose(buyer, 'Child', 1);
    expect(
      await panelOf(buyer)
        .getByRole('button', { name: /^Get 1 ticket/ })
        .isDisabled(),
    ).toBe(true);
  });

  it('takes places on the event page before JavaScript is there, and gives free tickets without it', async () => {
    const buyer = await here(visit(office.browser, '/e/kitchen-disco-for-families', { javaScriptEnabled: false }));
    await panelOf(buyer).getByRole('spinbutton', { name: 'How many: Child' }).fill('2');
    await panelOf(buyer).getByRole('button', { name: 'Get tickets' }).click();
    const checkoutId = await arrive(buyer);
    expect(await heldPlaces(office.books, checkoutId)).toBe(2);
    await buyer.getByRole('heading', { level: 1, name: 'Kitchen Disco for Families' }).waitFor();
    expect(await secondsLeft(buyer)).toBeGreaterThan(14 * 60);

    await tellWho(buyer, payer('Nora Noscript'));
    await buyer.getByRole('button', { name: 'Get 2 tickets' }).click();
    await tickets(buyer).waitFor();
    await code(buyer).first().waitFor();
    expect(await orderOf(office.books, checkoutId)).toMatchObject({ status: 'paid', tickets: 2 });
  });

  it('says before JavaScript what was missing, in the form it was missing from', async () => {
    const buyer = await here(visit(office.browser, '/e/kitchen-disco-for-families', { javaScriptEnabled: false }));
    await panelOf(buyer).getByRole('button', { name: 'Get tickets' }).click();
    await panelOf(buyer).getByRole('alert').filter({ hasText: 'Choose how many tickets first.' }).waitFor();
    await panelOf(buyer).getByRole('spinbutton', { name: 'How many: Grown-up' }).fill('1');
    await panelOf(buyer).getByRole('button', { name: 'Get tickets' }).click();
    await arrive(buyer);
    await buyer.getByLabel('Your name').fill('Nobody');
    await buyer.getByRole('button', { name: 'Go on to pay' }).click();
    await buyer.getByText('This doesn’t look like an email address.').waitFor();
    expect(await buyer.getByLabel('Your name').inputValue()).toBe('Nobody');
    await buyer.getByLabel('Email', { exact: true }).fill('nobody@example.org');
    await buyer.getByRole('button', { name: 'Go on to pay' }).click();
    // Locators by text skip what stands in a noscript.
    await buyer.locator('noscript p').waitFor();
    expect(await buyer.locator('noscript p').textContent()).toBe(
      'Paying needs JavaScript. Your places are kept meanwhile.',
    );
  });

  it('tells a pause to whoever reads the event and to whoever is mid-checkout, and lets the latter finish', async () => {
    const reader = await here(visit(office.browser, '/e/rust-reverb', { width: 'desktop' }));
    const buyer = await here(visit(office.browser, '/e/rust-reverb'));
    const theo = await here(visitAs(office.browser, 'theo', '/'));
    const who = payer('Paul Pause');
    const checkoutId = await take(buyer, 'Entry');
    await live(reader);
    await markDocument(reader);
    await markDocument(buyer);

    const change = async (verb: 'pause' | 'resume') => {
      const answer = await theo.context().request.post(`/trpc/organizer.${verb}`, {
        data: { json: { eventId: await eventIdOf('rust-reverb') } },
        headers: { origin: demoUrl() },
        ...ONCE_MORE,
      });
      expect(answer.status(), await answer.text()).toBe(200);
    };
    await change('pause');
    await panelOf(reader).getByText('Sales are paused. Back soon: this page moves when they are.').waitFor();
    expect(
      await panelOf(reader)
        .getByRole('button', { name: /^One more/ })
        .count(),
    ).toBe(0);
    await buyer.getByText('Sales are paused', { exact: true }).waitFor();
    await buyer
      .getByText(
        'Your places stay yours, and your time stands still until sales go on, for at most 30 minutes. You can finish.',
      )
      .waitFor();

    await goOnToPay(buyer, who);
    await payWith(buyer, '4242 pays');
    await tickets(buyer).waitFor();
    expect(await orderOf(office.books, checkoutId)).toMatchObject({ status: 'paid', tickets: 1 });

    await change('resume');
    await panelOf(reader).getByRole('button', { name: 'One more: How many: Entry' }).waitFor();
    expect(await isSameDocument(reader)).toBe(true);
    expect(await isSameDocument(buyer)).toBe(true);
    await choose(reader, 'Entry', 1);
    await panelOf(reader)
      .getByRole('button', { name: /^Get 1 ticket/ })
      .waitFor();
  });
});

/** How many places the event page calls free, for an event of one tier with exact numbers. */
async function freePlaces(page: Page): Promise<number> {
  const words = await panelOf(page).getByRole('img', { name: /free/ }).getAttribute('aria-label');
  return Number(/(\d+) free/.exec(words ?? '')?.[1]);
}

const freeSays = (page: Page, count: number) =>
  panelOf(page)
    .getByRole('img', { name: new RegExp(`\\b${count} free`) })
    .waitFor();

async function eventIdOf(slug: string): Promise<string> {
  const input = encodeURIComponent(JSON.stringify({ json: { slug } }));
  const answer = await fetch(`${demoUrl()}/trpc/events.bySlug?input=${input}`);
  const { result } = (await answer.json()) as { result: { data: { json: { id: string } } } };
  return result.data.json.id;
}

async function heldPlaces(sql: Sql, checkoutId: string): Promise<number> {
  const [row] = await sql<{ held: number }[]>`
    select coalesce(sum(quantity), 0)::int as held from ticketing.ticket_holds
    where checkout_id = ${checkoutId} and status = 'active' and expires_at > clock_timestamp()`;
  return row?.held ?? 0;
}

/** Presses Tab until the target has the focus; every stop on the way must show that it has it. */
async function tabTo(page: Page, target: Locator, most = 120): Promise<void> {
  for (let press = 0; press < most; press++) {
    await page.keyboard.press('Tab');
    const unseen = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body) return null;
      const shows = (element: Element | null): boolean => {
        if (!element) return false;
        const style = getComputedStyle(element);
        return (
          (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
        );
      };
      return shows(at) || shows(at.closest(':focus-within')) ? null : at.outerHTML.slice(0, 200);
    });
    expect(unseen, 'something has the focus and does not show it').toBeNull();
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${most} presses of Tab do not lead to ${target}`);
}
