import { randomBytes } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from '../browser.ts';
import {
  goOnToPay,
  isSameDocument,
  markDocument,
  type Payer,
  payer,
  payWith,
  take,
  tellWho,
  tickets,
} from './buyer.ts';
import { ask, demoUrl, live, type Person, visit, visitAs } from './people.ts';

const DAY_MS = 86_400_000;

const button = (page: Page | Locator, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name, exact: true });

async function eventId(theo: Page, title: string): Promise<string> {
  const { events } = await ask<{ events: { id: string; title: string }[] }>(theo, 'organizer.overview');
  const found = events.find((event) => event.title === title);
  if (!found) throw new Error(`Theo runs no ${title}`);
  return found.id;
}

interface Line {
  id: string;
  name: string;
  status: string;
  totalCents: number;
  refundedCents?: number;
}

/** Every order of the event, page by page, as the team sees them. */
async function ordersOf(theo: Page, event: string): Promise<Line[]> {
  const all: Line[] = [];
  let cursor: string | null = null;
  do {
    const page: { orders: Line[]; nextCursor: string | null } = await ask(theo, 'organizer.orders', {
      eventId: event,
      ...(cursor ? { cursor } : {}),
    });
    all.push(...page.orders);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}

const taken = (orders: Line[]) =>
  orders
    .filter(({ status }) => status === 'paid' || status === 'refunded')
    .reduce((sum, { totalCents }) => sum + totalCents, 0);

/** An amount as the interface writes it: whole euros may stand without their zeros. */
const euros = (cents: number) => {
  const written = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);
  return written.replace('.', '\\.').replace(/\\\.00$/, '(\\.00)?');
};
/** The sentence under the four numbers: gross, fees, refunded, net, to the cent. */
const moneyLine = (page: Page, grossCents: number) => page.getByText(new RegExp(`Gross ${euros(grossCents)} · `));

/** From an open event page to the tickets, one of the named tier: a free one ends with the form, a paid one with a card. */
async function buyOne(page: Person, tier: string, who: Payer, price: 'free' | 'paid'): Promise<void> {
  await take(page, tier);
  await page.getByLabel('Show my first name in the live list').check();
  if (price === 'paid') {
    await goOnToPay(page, who);
    await payWith(page, '4242 pays');
  } else {
    await tellWho(page, who);
    await button(page, 'Get 1 ticket').click();
  }
  await tickets(page).waitFor();
}

describe.skipIf(browserMissing)('organizing', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('shows a sale in the ledger and the numbers of another window without a reload, then takes it back by a refund that reaches the buyer’s open ticket', async () => {
    const theo = await visitAs(browser, 'theo', '/organizer', { width: 'desktop' });
    const id = await eventId(theo, 'Ship It!');
    const before = await ordersOf(theo, id);
    await theo.goto(`/organizer/${id}`);
    await live(theo);
    await moneyLine(theo, taken(before)).waitFor();
    const soldToday = async () =>
      (await ask<{ today: { sold: number } }>(theo, 'organizer.days', { eventId: id })).today.sold;
    const today = await soldToday();
    await theo.getByText(new RegExp(`\\b${today} sold today\\.`)).waitFor();
    await markDocument(theo);

    const buyer = await visit(browser, '/e/ship-it');
    const name = `Nell Marsh ${randomBytes(3).toString('hex')}`;
    await buyOne(buyer, 'Room', payer(name), 'paid');

    const ledger = theo.getByRole('region', { name: 'Sales as they happen' });
    await ledger.getByRole('listitem').first().getByText('Nell got 1').waitFor();
    const after = await ordersOf(theo, id);
    const sale = after.find((order) => order.name === name);
    expect(sale).toMatchObject({ status: 'paid' });
    expect(taken(after)).toBe(taken(before) + (sale?.totalCents ?? 0));
    await ledger
      .getByRole('listitem')
      .first()
      .getByText(new RegExp(`^${euros(sale?.totalCents ?? 0)}$`))
      .waitFor();
    await moneyLine(theo, taken(after)).waitFor();
    await theo.getByText(new RegExp(`\\b${today + 1} sold today\\.`)).waitFor();
    expect(await isSameDocument(theo)).toBe(true);

    await buyer.getByRole('link', { name: 'Open my tickets' }).click();
    await live(buyer);
    await markDocument(buyer);
    await theo.getByRole('link', { name: 'Orders' }).click();
    await theo.getByRole('link', { name }).click();
    await heading(theo, /^Order /).waitFor();
    await button(theo, 'Refund the order').click();
    await button(theo, /^Send back €/).click();
    await theo.getByText('is on its way back.').waitFor();
    await theo.getByText('1 ticket on hold').waitFor();

    await buyer.getByText('Refunded', { exact: true }).waitFor();
    expect(await isSameDocument(buyer)).toBe(true);
    expect(await buyer.getByRole('img', { name: /^Code of ticket|^Ticket code/ }).count()).toBe(0);
    await theo.goto(`/organizer/${id}`);
    await ledger.getByText('Nell gave back 1').first().waitFor();
    const settled = await ordersOf(theo, id);
    expect(settled.find((order) => order.name === name)).toMatchObject({ status: 'refunded' });
    const back = settled.reduce((sum, { refundedCents = 0 }) => sum + refundedCents, 0);
    await moneyLine(theo, taken(settled))
      .filter({ hasText: new RegExp(`refunded ${euros(back)} · `) })
      .waitFor();
    expect([...theo.errors, ...buyer.errors]).toEqual([]);
    await Promise.all([theo.context().close(), buyer.context().close()]);
  });

  it('shows the open page of an event in its links on a phone, though they are wider than the screen', async () => {
    const theo = await visitAs(browser, 'theo', '/organizer');
    const id = await eventId(theo, 'Ship It!');
    for (const [page, name] of [
      ['/health', 'Health'],
      ['/attendees', 'Door list'],
      ['', 'Live'],
    ]) {
      await theo.goto(`/organizer/${id}${page}`);
      const link = theo.getByRole('navigation', { name: 'This event' }).getByRole('link', { name, exact: true });
      const edges = expect.poll(async () => {
        const box = await link.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= 390;
      });
      await edges.toBe(true);
    }
    expect(theo.errors).toEqual([]);
    await theo.context().close();
  });

  it('creates an event from a title, completes it by its checklist, publishes it, and sells it to a stranger', async () => {
    const theo = await visitAs(browser, 'theo', '/organizer', { width: 'desktop' });
    await theo.getByRole('link', { name: 'New event' }).click();
    const title = `Night of Small Lamps ${randomBytes(3).toString('hex')}`;
    await theo.getByLabel('What is it called?').fill(title);
    await button(theo, 'Make the draft').click();
    await heading(theo, 'Event').waitFor();
    const id = /organizer\/([0-9a-f-]{36})/.exec(theo.url())?.[1] ?? '';
    const publish = button(theo, 'Publish');
    expect(await publish.isDisabled()).toBe(true);

    const day = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);
    await field(theo, 'About').fill(
      'Forty lamps, forty people and one long table. You bring the story of a light that mattered; soup is there already.',
    );
    await field(theo, 'Category').selectOption({ label: 'Concert' });
    for (const [label, time] of [
      ['Starts', '20:00'],
      ['Ends', '23:00'],
      ['Doors', '19:00'],
    ] as const) {
      await field(theo, label).fill(`${day}T${time}`);
      await field(theo, label).blur();
    }
    await field(theo, 'Venue').fill('Lampenhaus');
    await field(theo, 'City').fill('Berlin');
    await field(theo, 'Address').fill('Dochtgasse 3');
    await field(theo, 'Refunds').selectOption({ label: 'Until a day before' });
    await field(theo, 'Who can find it').selectOption({ label: 'Ticket holders and the team' });
    await theo.getByText('For everyone else the page does not exist: nobody new can buy.').waitFor();
    await field(theo, 'Who can find it').selectOption({ label: 'Everyone' });
    const poster = theo.getByRole('img', { name: `Poster for ${title}` });
    const first = await poster.getAttribute('src');
    await button(theo, 'Shuffle').click();
    await theo.waitForFunction(
      (old) => document.querySelector('section[aria-label="Poster"] img')?.getAttribute('src') !== old,
      first,
    );
    await theo.getByRole('status').filter({ hasText: 'All saved' }).waitFor();
    await theo
      .getByText('10 of 11')
      .or(theo.getByText(/^[89] of 11$/))
      .first()
      .waitFor();

    await theo.getByRole('link', { name: 'Tickets', exact: true }).click();
    await button(theo, 'Add a kind of ticket').click();
    const sheet = theo.getByRole('dialog');
    await sheet.locator('[name=name]').fill('Lamp');
    await sheet.getByLabel('What it includes').fill('A seat and a bowl of soup');
    await sheet.locator('[name=priceCents]').fill('0');
    await sheet.locator('[name=quantity]').fill('40');
    await button(sheet, 'Save').click();
    await theo.getByRole('heading', { level: 2, name: 'Lamp' }).waitFor();

    await theo.getByRole('link', { name: 'Event', exact: true }).click();
    await theo.getByText('11 of 11').waitFor();
    await publish.click();
    await theo.getByText(/^On sale since /).waitFor();
    await theo.getByRole('link', { name: 'Live', exact: true }).click();
    await theo.getByText('No sales yet. Share the page and watch this line move.').first().waitFor();
    await live(theo);
    await markDocument(theo);

    const buyer = await visit(browser, '/');
    await buyer.goto(`/?q=${encodeURIComponent(title)}`);
    await buyer.getByRole('link', { name: title }).first().click();
    await heading(buyer, title).waitFor();
    await buyOne(buyer, 'Lamp', payer('Otis Grane'), 'free');
    await theo.getByRole('region', { name: 'Sales as they happen' }).getByText('Otis got 1').waitFor();
    expect(await isSameDocument(theo)).toBe(true);
    expect(await ordersOf(theo, id)).toMatchObject([{ name: 'Otis Grane', status: 'paid', totalCents: 0 }]);

    // An open list of orders offers what it lacks, and is searched without accents while one types.
    await theo.goto(`/organizer/${id}/orders`);
    await live(theo);
    const other = await visit(browser, `/?q=${encodeURIComponent(title)}`);
    await other.getByRole('link', { name: title }).first().click();
    await buyOne(other, 'Lamp', { ...payer('Zoe Muller'), name: 'Zoë Müller' }, 'free');
    await button(theo, 'Show 1 new order').click();
    await theo.getByRole('link', { name: 'Zoë Müller' }).waitFor();
    await theo.getByRole('searchbox', { name: 'Name, address or order code' }).fill('muller');
    await theo.getByRole('link', { name: 'Otis Grane' }).waitFor({ state: 'detached' });
    await theo.getByRole('link', { name: 'Zoë Müller' }).waitFor();

    // A row of the door list turns when another door admits.
    const wall = new Date(Date.now() + 3_600_000).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' });
    const moved = await theo.context().request.post('/trpc/organizer.updateEvent', {
      data: { json: { eventId: id, startLocal: wall.slice(0, 16).replace(' ', 'T') } },
      headers: { origin: demoUrl() },
    });
    expect(moved.ok(), await moved.text()).toBe(true);
    const door = await visitAs(browser, 'theo', `/organizer/${id}/attendees`, { width: 'phone' });
    await theo.goto(`/organizer/${id}/attendees`);
    await Promise.all([live(theo), live(door)]);
    await markDocument(theo);
    await button(door, 'Admit, Zoë Müller').click();
    await button(theo, 'Undo, Zoë Müller').waitFor();
    await button(theo, 'Undo, Zoë Müller').click();
    await button(door, 'Admit, Zoë Müller').waitFor();
    expect(await isSameDocument(theo)).toBe(true);
    const people = [theo, buyer, other, door];
    expect(people.flatMap((person) => person.errors)).toEqual([]);
    await Promise.all(people.map((person) => person.context().close()));
  });

  it('pauses sales for everybody who looks, and lets them start again', async () => {
    const theo = await visitAs(browser, 'theo', '/organizer', { width: 'desktop' });
    await theo.goto(`/organizer/${await eventId(theo, 'Velvet Static')}`);
    const stranger = await visit(browser, '/e/velvet-static');
    await Promise.all([live(theo), live(stranger)]);
    await markDocument(stranger);
    await button(stranger, 'One more: How many: Floor').click();
    await button(stranger, /^Get 1 ticket/).waitFor();

    await button(theo, 'Pause sales').first().click();
    await button(theo.getByRole('dialog'), 'Pause sales').click();
    await theo.getByText('Sales are paused.', { exact: true }).waitFor();
    await stranger.getByText('Sales are paused. Back soon').waitFor();
    await button(stranger, /^Get 1 ticket/).waitFor({ state: 'detached' });

    await button(theo, 'Resume sales').first().click();
    await stranger.getByText('Sales are paused. Back soon').waitFor({ state: 'detached' });
    await button(stranger, /^Get 1 ticket/).waitFor();
    expect(await isSameDocument(stranger)).toBe(true);
    expect([...theo.errors, ...stranger.errors]).toEqual([]);
    await Promise.all([theo.context().close(), stranger.context().close()]);
  });

  it('replays the incident, names it in sentences, shows what healing would do, heals it with one press, and sells again', async () => {
    const stranger = await visit(browser, '/e/liventix-official-event');
    await live(stranger);
    await markDocument(stranger);
    const theo = await visitAs(browser, 'theo', '/', { width: 'desktop' });
    await theo.locator('summary[aria-label="More of the demo"]').click();
    await button(theo, 'Replay the incident').click();
    await heading(theo, 'Health').waitFor();
    await theo.getByText(/^\d+ things need a look\.$/).waitFor();
    await theo.getByText(/^\d+ places are kept by \d+ checkouts whose time ran out\.$/).waitFor();
    await stranger.getByText('Every place is in someone’s checkout.').waitFor();
    expect(await button(stranger, /^One more/).count()).toBe(0);

    await button(theo, 'Show what healing would do').click();
    const changes = theo.getByRole('region', { name: 'What healing would change' }).getByRole('table');
    await changes
      .getByRole('row', { name: /Lapsed places go back on sale/ })
      .first()
      .waitFor();
    await changes
      .getByRole('row', { name: /Owed tickets are issued/ })
      .first()
      .waitFor();
    await theo.getByText(/^\d+ things need a look\.$/).waitFor();

    await button(theo, 'Heal it').click();
    await theo.getByText(/^All \d+ checks passed at /).waitFor();
    await button(stranger, 'One more: How many: General Admission').waitFor();
    expect(await isSameDocument(stranger)).toBe(true);
    await buyOne(stranger, 'General Admission', payer('Wim Ostrander'), 'paid');
    expect([...theo.errors, ...stranger.errors]).toEqual([]);
    await Promise.all([theo.context().close(), stranger.context().close()]);
  });
});
