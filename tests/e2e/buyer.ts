import { runningPostgres } from '@liventix/db/embedded';
import { checkInvariants } from '@liventix/db/invariants';
import type { Browser, Page } from 'playwright-core';
import postgres, { type Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { demoUrl, type Person } from './people.ts';

/** Cards of the payment simulator, by the words on its pickers. */
type Card = '4242 pays' | '0002 declines' | '3155 asks 3D Secure';

export interface Payer {
  name: string;
  email: string;
}

/** A payer whose mailbox is this test's alone. */
export const payer = (name: string): Payer => ({
  name,
  email: `${name.toLowerCase().replaceAll(' ', '.')}@example.org`,
});

export interface BoxOffice {
  browser: Browser;
  /** The database behind the demo. */
  books: Sql;
  /** Keeps a visitor's page: it is closed after the test, and an error on it fails the test. */
  here(person: Promise<Person>): Promise<Person>;
}

/** One browser and one look into the books for the tests of the enclosing block, which leave the books in order. Call inside `describe`. */
export function openOffice(): BoxOffice {
  const people: Person[] = [];
  const office = {
    async here(person: Promise<Person>) {
      people.push(await person);
      return person;
    },
  } as BoxOffice;
  beforeAll(async () => {
    office.browser = await launchBrowser();
    office.books = openBooks();
  });
  afterEach(async () => {
    const errors = people.flatMap((person) => person.errors);
    for (const person of people.splice(0)) await person.context().close();
    expect(errors).toEqual([]);
  });
  afterAll(async () => {
    await office.browser?.close();
    if (office.books) await expectSound(office.books).finally(() => office.books.end());
  });
  return office;
}

/** The panel of an event page. */
export const panelOf = (page: Page) => page.locator('#tickets');

/** Chooses places on the event page the browser shows; nothing is taken yet. */
export async function choose(page: Page, tier: string, count: number): Promise<void> {
  const more = panelOf(page).getByRole('button', { name: `One more: How many: ${tier}` });
  for (let index = 0; index < count; index++) await more.click();
}

/** Takes places on the event page the browser shows, and answers the id of the checkout it arrives at. */
export async function take(page: Page, tier: string, count = 1): Promise<string> {
  await choose(page, tier, count);
  await panelOf(page)
    .getByRole('button', { name: /^Get \d+ tickets?/ })
    .click();
  return arrive(page);
}

/** The id of the checkout the browser is on its way to; of another one than `from`. */
export async function arrive(page: Page, from = ''): Promise<string> {
  await page.waitForURL((url) => url.pathname.startsWith('/checkout/') && url.pathname !== `/checkout/${from}`);
  await page.getByLabel('Your name').waitFor();
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

export async function tellWho(page: Page, who: Payer): Promise<void> {
  await page.getByLabel('Your name').fill(who.name);
  await page.getByLabel('Email', { exact: true }).fill(who.email);
}

/** Says who pays, and waits for the card form. */
export async function goOnToPay(page: Page, who: Payer): Promise<void> {
  await tellWho(page, who);
  await page.getByRole('button', { name: 'Go on to pay' }).click();
  await page.getByLabel('Card number').waitFor();
}

export const payButton = (page: Page) => page.getByRole('button', { name: /^Pay / });

export async function payWith(page: Page, card: Card): Promise<void> {
  await page.getByRole('button', { name: card }).click();
  await payButton(page).click();
}

/** The order turned into tickets. */
export const tickets = (page: Page) =>
  page.getByRole('heading', { level: 1, name: /^Your (place is|\d+ places are) yours$/ });

/** The code at the door. */
export const code = (page: Page) => page.getByRole('img', { name: 'Ticket code' });

/** The seconds left that the page shows, as its ring says them. */
export async function secondsLeft(page: Page): Promise<number> {
  const [minutes, seconds] = ((await page.getByRole('timer').first().textContent()) ?? '').split(':').map(Number);
  return (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN);
}

/** Leaves a mark in the document: a navigation or a reload would lose it. */
export const markDocument = (page: Page) => page.evaluate(() => void Object.assign(window, { __sameDocument: true }));
export const isSameDocument = (page: Page) => page.evaluate(() => '__sameDocument' in window);

/** A second tab of the same person. */
export async function anotherTab(person: Person, path: string): Promise<Person> {
  const page = await person.context().newPage();
  page.on('pageerror', (error) => person.errors.push(error.message));
  await page.goto(path);
  return Object.assign(page, { errors: person.errors });
}

interface Entry {
  type: string;
  amount: number;
  currency: string;
  metadata: { order_id?: string };
}

/** What really happened to the money of an order, by the payment simulator's books. */
export async function moneyOf(orderId: string): Promise<{ type: string; amount: number; currency: string }[]> {
  const journal = (await (await fetch(`${demoUrl()}/simulators/stripe/journal.json`)).json()) as Entry[];
  return journal
    .filter((entry) => entry.metadata.order_id === orderId && entry.type.startsWith('charge.'))
    .map(({ type, amount, currency }) => ({ type, amount, currency }));
}

interface Mail {
  subject: string;
  attachments: { filename: string }[];
}

/** The mails somebody got so far. */
export async function mailsTo(email: string): Promise<Mail[]> {
  return (await (await fetch(`${demoUrl()}/simulators/inbox/messages.json?to=${email}`)).json()) as Mail[];
}

/** The demo's database, for a superuser: to make time pass, and to read what the screens do not say. */
export function openBooks(): postgres.Sql {
  const running = runningPostgres(`${inject('demo').dataDir}/postgres`);
  if (!running) throw new Error('the demo has no database of its own');
  return postgres(running.adminUrl('liventix'), { max: 1, onnotice: () => {} });
}

/** Every sentence about the books that must always hold does. */
async function expectSound(sql: postgres.Sql): Promise<void> {
  expect((await checkInvariants(sql)).filter(({ violations }) => violations > 0)).toEqual([]);
}

/** The fifteen minutes of a checkout are over. */
export async function letLapse(sql: postgres.Sql, checkoutId: string): Promise<void> {
  await sql`
    update ticketing.ticket_holds
    set created_at = created_at - interval '16 minutes', expires_at = clock_timestamp() - interval '1 second'
    where checkout_id = ${checkoutId}`;
}

/** The order of a checkout, as it is written down. */
export async function orderOf(
  sql: postgres.Sql,
  checkoutId: string,
): Promise<{ id: string; status: string; total_cents: number; tickets: number } | undefined> {
  const [order] = await sql<{ id: string; status: string; total_cents: number; tickets: number }[]>`
    select o.id, o.status, o.total_cents, (select count(*)::int from ticketing.tickets t where t.order_id = o.id) as tickets
    from ticketing.orders o where o.checkout_id = ${checkoutId}`;
  return order;
}
