import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findByAxe } from '../axe.ts';
import { browserMissing, launchBrowser, newPage, WIDTHS, type Width } from '../browser.ts';
import { goOnToPay, payer, payWith, take, tickets } from './buyer.ts';
import { ask, demoUrl, type Person, visit, visitAs } from './people.ts';

/** Pictures of every page, to be looked at; not kept in git. */
const ARTEFACTS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'artefacts');

interface Stop {
  name: string;
  path: string;
  /** What the page is answered with; default 200. */
  status?: number;
}
type Storage = NonNullable<BrowserContextOptions['storageState']>;

/** Resolves when React has taken the page over and what is in sight is drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector('main');
    const awake = main !== null && Object.keys(main).some((key) => key.startsWith('__reactProps'));
    const inSight = [...document.images].filter(({ loading }) => loading !== 'lazy');
    return awake && document.fonts.status === 'loaded' && inSight.every(({ complete }) => complete);
  });
}

/** Resolves when the browser has drawn what changed last: two frames, and no colour on its way to another. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changing.map(({ finished }) => finished));
  });
}

/** Walks the pages in two tabs at once and says everything that is wrong with them: axe, errors, what is wider than the window
 * or too narrow to type into. */
async function walk(page: Person, stops: readonly Stop[], width: Width): Promise<string[]> {
  const other = await page.context().newPage();
  const left = stops.values();
  const found = await Promise.all([walkTab(page, left, width), walkTab(other, left, width)]);
  return found.flat();
}

/** One tab's share: the next page that is left, until none is. */
async function walkTab(page: Page, left: Iterable<Stop>, width: Width): Promise<string[]> {
  const findings: string[] = [];
  let here: Stop = { name: '', path: '' };
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const expected = here.status && message.location().url === `${demoUrl()}${here.path}`;
    // A page that is left while it looks ahead for routes says that its request was ended.
    const wasLeft = message.text().startsWith('Failed to fetch manifest patches TypeError: Failed to fetch');
    if (!expected && !wasLeft) findings.push(`${here.name}: console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => findings.push(`${here.name}: ${error.message}`));
  for (const stop of left) {
    here = stop;
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const answer = await page.goto(stop.path);
    if (answer?.status() !== (stop.status ?? 200)) findings.push(`${stop.name}: answered ${answer?.status()}`);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await settled(page);
    for (const scheme of ['light', 'dark'] as const) {
      if (scheme === 'dark') {
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        await drawn(page);
      }
      // Only colours differ in the dark.
      const found = await findByAxe(page, scheme === 'dark' ? ['color-contrast'] : undefined);
      findings.push(...found.map((violation) => `${stop.name} ${scheme}: ${violation}`));
      const folder = path.join(ARTEFACTS, `${WIDTHS[width]}-${scheme}`);
      fs.mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: path.join(folder, `${stop.name}.jpg`), type: 'jpeg', quality: 70, fullPage: true });
    }
    const wide = await page.evaluate(() =>
      Math.max(document.documentElement.scrollWidth, document.body?.scrollWidth ?? 0),
    );
    if (wide > WIDTHS[width]) findings.push(`${stop.name}: ${wide - WIDTHS[width]} px too wide`);
    if (width === 'phone') {
      // Fingers (WCAG 2.5.8), and a window of 1280 px at four times its size (1.4.10).
      findings.push(...(await findByAxe(page, ['target-size'])).map((violation) => `${stop.name}: ${violation}`));
      const usual = page.viewportSize();
      await page.setViewportSize({ width: 320, height: 640 });
      // What draws itself by its width is some frames behind the window. What never becomes narrow enough is a finding.
      await page
        .waitForFunction(() => document.documentElement.scrollWidth <= 320, undefined, { timeout: 5000 })
        .catch(() => {});
      const narrow = await page.evaluate(() =>
        document.documentElement.scrollWidth <= 320
          ? []
          : [...document.querySelectorAll('body *')]
              .filter((element) => element.getBoundingClientRect().right > 320)
              .map((element) => element.outerHTML.slice(0, 120)),
      );
      findings.push(...narrow.slice(-3).map((element) => `${stop.name}: wider than 320 px: ${element}`));
      if (usual) await page.setViewportSize(usual);
    }
    const squeezed = await page.evaluate(() =>
      [...document.querySelectorAll('input[type=search], input[type=email], input[type=text]')]
        .map((field) => ({ name: field.getAttribute('name'), px: field.getBoundingClientRect().width }))
        .filter(({ px }) => px > 1 && px < 100)
        .map(({ name, px }) => `${name} is ${Math.round(px)} px wide`),
    );
    findings.push(...squeezed.map((words) => `${stop.name}: ${words}`));
  }
  return findings;
}

describe.skipIf(browserMissing)('every page', { timeout: 300_000 }, () => {
  let browser: Browser;
  let guest: { storage: Storage; checkout: string; card: string; bought: string };
  beforeAll(async () => {
    browser = await launchBrowser();
    const page = await visit(browser, '/e/the-quiet-hour');
    const more = page.getByRole('button', { name: 'One more: How many: Nave' });
    await more.click();
    await more.click();
    await page.getByRole('button', { name: /^Get 2 tickets/ }).click();
    await page.waitForURL(/\/checkout\//);
    const checkout = new URL(page.url()).pathname;
    // A second checkout of hers stands at the card form, and a third is bought.
    await page.goto('/e/salt-line');
    await take(page, 'GA');
    await goOnToPay(page, payer('Carla Cardform'));
    const card = new URL(page.url()).pathname;
    await page.goto('/e/low-tide-radio');
    const boughtId = await take(page, 'Floor');
    await goOnToPay(page, payer('Bella Bought'));
    await payWith(page, '4242 pays');
    await tickets(page).waitFor();
    guest = { storage: await page.context().storageState(), checkout, card, bought: `/orders/${boughtId}/return` };
    await page.context().close();
  });
  afterAll(() => browser?.close());

  describe.each(['phone', 'desktop'] as const)(
    'on a %s, light and dark, has nothing for axe to find, no error, and nothing wider than the window',
    (width) => {
      it('for a stranger who looks around', async () => {
        const page = await visit(browser, '/', { width });
        const { posts } = await ask<{ posts: { id: string }[] }>(page, 'feed.home', {});
        const stops: Stop[] = [
          { name: 'discover', path: '/' },
          { name: 'search', path: '/?q=jaz' },
          { name: 'search-none', path: '/?q=xylophonist' },
          { name: 'event', path: '/e/subfloor' },
          { name: 'event-sold-out', path: '/e/paper-tigers-live' },
          { name: 'event-all-in-checkout', path: '/e/the-quiet-hour' },
          { name: 'event-not-yet', path: '/e/kassel-drift-all-night' },
          { name: 'waiting-room', path: '/e/kassel-drift-all-night/waiting-room' },
          { name: 'event-ended', path: '/e/open-decks' },
          { name: 'event-unlisted', path: '/e/friends-family-rehearsal' },
          { name: 'host', path: '/h/nordlicht' },
          { name: 'feed-of-event', path: '/e/open-decks/feed' },
          { name: 'post', path: `/p/${posts[0]?.id}` },
          { name: 'feed-everyone', path: '/feed' },
          { name: 'not-found', path: '/nothing-here', status: 404 },
          { name: 'offline', path: '/offline' },
          { name: 'admin-stranger', path: '/admin', status: 404 },
          { name: 'wallet-empty', path: '/tickets' },
        ];
        expect(await walk(page, stops, width)).toEqual([]);
        await page.context().close();
      });

      it('for a stranger at the small pages', async () => {
        const page = await visit(browser, '/imprint', { width });
        const stops = [
          'sign-in',
          'sign-up',
          'forgot',
          'reset',
          'verify',
          'find-order',
          'terms',
          'privacy',
          'refunds',
          'imprint',
        ];
        const found = await walk(
          page,
          [
            ...stops.map((name) => ({ name, path: `/${name}` })),
            { name: 'sign-in-refused', path: '/sign-in?error=INVALID_TOKEN' },
            { name: 'reset-new', path: '/reset?token=x' },
            { name: 'order-link', path: `/l/${'x'.repeat(43)}` },
            { name: 'invite-gone', path: `/organizer/invite/${'x'.repeat(43)}` },
            { name: 'checkout-lost', path: `/checkout/${randomUUID()}`, status: 404 },
            { name: 'order-return-lost', path: `/orders/${randomUUID()}/return`, status: 404 },
          ],
          width,
        );
        expect(found).toEqual([]);
        await page.context().close();
      });

      it('for a guest with places in her checkout', async () => {
        const page = await newPage(browser, { baseURL: demoUrl(), width, storageState: guest.storage });
        const stops: Stop[] = [
          { name: 'checkout', path: guest.checkout },
          { name: 'checkout-card', path: guest.card },
          { name: 'order-return', path: guest.bought },
          { name: 'event-with-own-places', path: '/e/the-quiet-hour' },
          { name: 'wallet-of-guest', path: '/tickets' },
        ];
        expect(await walk(page, stops, width)).toEqual([]);
        await page.context().close();
      });

      it('for the admin', async () => {
        const page = await visitAs(browser, 'admin', '/imprint', { width });
        expect(await walk(page, [{ name: 'admin', path: '/admin' }], width)).toEqual([]);
        await page.context().close();
      });

      it('for Mara with her tickets', async () => {
        const page = await visitAs(browser, 'mara', '/imprint', { width });
        const { coming } = await ask<{ coming: { tickets: { id: string }[] }[] }>(page, 'tickets.mine');
        const stops: Stop[] = [
          { name: 'wallet', path: '/tickets' },
          { name: 'ticket', path: `/tickets/${coming[0]?.tickets[0]?.id}` },
          { name: 'saved', path: '/saved' },
          { name: 'feed-home', path: '/feed' },
          { name: 'settings', path: '/settings' },
          { name: 'settings-security', path: '/settings/security' },
          { name: 'confirm', path: '/confirm?to=/settings' },
          { name: 'settings-devices', path: '/settings/sessions' },
          { name: 'settings-data', path: '/settings/data' },
        ];
        expect(await walk(page, stops, width)).toEqual([]);
        await page.context().close();
      });

      it('for Theo at work', async () => {
        const page = await visitAs(browser, 'theo', '/imprint', { width });
        const overview = await ask<{ events: { id: string; title: string }[]; organizations: { id: string }[] }>(
          page,
          'organizer.overview',
        );
        const event = overview.events.find(({ title }) => title === 'Subfloor')?.id;
        const draft = overview.events.find(({ title }) => title === 'Untitled winter thing')?.id;
        const { orders } = await ask<{ orders: { id: string }[] }>(page, 'organizer.orders', { eventId: event });
        const stops: Stop[] = [
          { name: 'organizer', path: '/organizer' },
          { name: 'organizer-new', path: '/organizer/new' },
          { name: 'dashboard', path: `/organizer/${event}` },
          { name: 'organizer-edit', path: `/organizer/${event}/edit` },
          { name: 'organizer-draft', path: `/organizer/${draft}/edit` },
          { name: 'organizer-tiers', path: `/organizer/${event}/tiers` },
          { name: 'organizer-orders', path: `/organizer/${event}/orders` },
          { name: 'organizer-order', path: `/organizer/${event}/orders/${orders[0]?.id}` },
          { name: 'organizer-attendees', path: `/organizer/${event}/attendees` },
          { name: 'organizer-health', path: `/organizer/${event}/health` },
          { name: 'team', path: `/organizer/team/${overview.organizations[0]?.id}` },
          { name: 'side-by-side', path: '/demo/side-by-side' },
        ];
        expect(await walk(page, stops, width)).toEqual([]);
        await page.context().close();
      });
    },
  );

  it.each([
    ['discover', '/', (page: Person) => page.getByRole('link', { name: 'Subfloor' }).first()],
    ['an event with its form', '/e/velvet-static', (page: Person) => page.getByRole('button', { name: 'Get tickets' })],
    ['sign-in', '/sign-in', (page: Person) => page.getByRole('button', { name: 'Sign in', exact: true })],
  ] as const)('reads before JavaScript: %s', async (name, address, thing) => {
    const page = await visit(browser, address, { javaScriptEnabled: false });
    expect(await page.locator('h1').first().textContent()).not.toBe('');
    await thing(page).waitFor();
    expect((await thing(page).boundingBox())?.width).toBeGreaterThan(40);
    fs.mkdirSync(path.join(ARTEFACTS, 'before-javascript'), { recursive: true });
    await page.screenshot({
      path: path.join(ARTEFACTS, 'before-javascript', `${name}.jpg`),
      type: 'jpeg',
      quality: 70,
      fullPage: true,
    });
    await page.context().close();
  });
});
