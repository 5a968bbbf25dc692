import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from '../browser.ts';
import { isSameDocument, markDocument } from './buyer.ts';
import { ask, demoUrl, live, type Person, visitAs } from './people.ts';

const DAY_MS = 86_400_000;
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const says = (page: Page, words: string) => page.getByRole('status').filter({ hasText: words }).waitFor();

interface Inside {
  description: string;
  summary: string;
  startLocal: string | null;
  endLocal: string | null;
  fees: { feeBps: number };
  tiers: { id: string; priceCents: number; quantity: number }[];
}

async function tell<T>(page: Page, procedure: string, input: object): Promise<T> {
  const answer = await page.context().request.post(`/trpc/${procedure}`, {
    data: { json: input },
    headers: { origin: demoUrl() },
  });
  if (!answer.ok()) throw new Error(`${procedure}: ${answer.status()} ${await answer.text()}`);
  return ((await answer.json()) as { result: { data: { json: T } } }).result.data.json;
}

describe.skipIf(browserMissing)('forms of the organizer', () => {
  let browser: Browser;
  let anna: Person;
  let ben: Person;
  let eventId: string;
  const inside = () => ask<Inside>(anna, 'organizer.event', { eventId });

  beforeAll(async () => {
    browser = await launchBrowser();
    anna = await visitAs(browser, 'theo', '/organizer', { width: 'desktop' });
    ben = await visitAs(browser, 'theo', '/organizer', { width: 'phone' });
    ({ eventId } = await tell<{ eventId: string }>(anna, 'organizer.createEvent', { title: 'Two Hands' }));
    await tell(anna, 'organizer.tiers.create', { eventId, name: 'Regular', priceCents: 2499, quantity: 120 });
  });
  afterAll(() => browser?.close());

  const open = async (path: string) => {
    for (const page of [anna, ben]) {
      await page.goto(`/organizer/${eventId}/${path}`);
      await live(page);
      await markDocument(page);
    }
  };

  it('show what a colleague saves in other fields without a reload', async () => {
    await open('edit');
    await field(anna, 'In one line').fill('Hers');
    await ben.waitForFunction(() => document.querySelector<HTMLInputElement>('[name=summary]')?.value === 'Hers');
    await says(anna, 'All saved');
    expect(await isSameDocument(ben)).toBe(true);
  });

  it('keep both texts when two people write one field, and store the one that is chosen', async () => {
    await open('edit');
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await ben.route(/organizer\.updateEvent/, async (route) => {
      await held;
      await route.continue();
    });
    const asks = ben.waitForRequest(/organizer\.updateEvent/);
    await field(ben, 'About').fill('His text, which took him an hour.');
    await asks;
    await field(anna, 'About').fill('Her text, which took her an hour.');
    await says(anna, 'All saved');
    letGo();
    await ben.getByText('This was changed while you were editing, to:').waitFor();
    await ben.getByText('Her text, which took her an hour.').waitFor();
    await says(ben, 'Not saved');
    expect(await field(ben, 'About').inputValue()).toBe('His text, which took him an hour.');
    expect((await inside()).description).toBe('Her text, which took her an hour.');

    await button(ben, 'Keep mine').click();
    await says(ben, 'All saved');
    expect((await inside()).description).toBe('His text, which took him an hour.');
    await anna.waitForFunction(
      () =>
        document.querySelector<HTMLTextAreaElement>('[name=description]')?.value ===
        'His text, which took him an hour.',
    );
    await ben.unrouteAll();
  });

  it('never say saved over a fee that is not stored, and name its bounds', async () => {
    await open('edit');
    const fee = field(anna, 'Per cent of the price');
    await fee.fill('4.5');
    await says(anna, 'All saved');
    for (const typed of ['51', '60', '-1', 'abc']) {
      await fee.fill(typed);
      await anna.getByText('Between 0 and 50.').waitFor();
      await says(anna, 'Not saved');
    }
    await field(anna, 'In one line').fill('Saved beside it');
    await anna.waitForResponse(/organizer\.updateEvent/);
    await says(anna, 'Not saved');
    expect(await inside()).toMatchObject({ fees: { feeBps: 450 }, summary: 'Saved beside it' });
    await anna.getByRole('link', { name: 'Orders', exact: true }).click();
    await button(anna, 'Stay here').click();
    expect(await fee.inputValue()).toBe('abc');
    await fee.fill('5');
    await says(anna, 'All saved');
    expect((await inside()).fees.feeBps).toBe(500);
  });

  it('end at saved or not saved when times move, never at saving', async () => {
    await open('edit');
    const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
    const set = async (label: string, value: string) => {
      await field(anna, label).fill(value);
      await field(anna, label).blur();
    };
    await set('Starts', `${day(30)}T20:00`);
    await says(anna, 'All saved');
    await set('Ends', `${day(30)}T23:00`);
    await says(anna, 'All saved');
    await set('Starts', `${day(60)}T20:00`);
    await says(anna, 'All saved');
    expect(await inside()).toMatchObject({ startLocal: `${day(60)}T20:00`, endLocal: `${day(60)}T23:00` });
    expect(await field(anna, 'Ends').inputValue()).toBe(`${day(60)}T23:00`);
    await set('Ends', `${day(59)}T23:00`);
    await anna.getByText('It has to end after it starts.').waitFor();
    await says(anna, 'Not saved');
    await set('Ends', `${day(60)}T23:30`);
    await says(anna, 'All saved');
  });

  it('send only what was changed in a tier: a sheet that was open before does not put the old price back', async () => {
    await open('tiers');
    await button(ben, 'Change').click();
    const sheet = ben.getByRole('dialog');
    await sheet.locator('[name=quantity]').fill('140');
    const [tier] = (await inside()).tiers;
    await tell(anna, 'organizer.tiers.update', { tierId: tier?.id, priceCents: 2700 });
    await sheet.getByRole('button', { name: 'Save', exact: true }).click();
    await sheet.waitFor({ state: 'detached' });
    expect((await inside()).tiers).toMatchObject([{ priceCents: 2700, quantity: 140 }]);
    await anna.getByText('€27').first().waitFor();

    await button(ben, 'Change').click();
    await sheet.locator('[name=quantity]').fill('150');
    await tell(anna, 'organizer.tiers.delete', { tierId: tier?.id });
    await ben.getByText('No tickets yet.').waitFor();
    await sheet.getByRole('button', { name: 'Save', exact: true }).click();
    await sheet.getByText('Someone else removed this').waitFor();
    expect((await inside()).tiers).toEqual([]);
    expect(await isSameDocument(anna)).toBe(true);
    expect([...anna.errors, ...ben.errors]).toEqual([]);
  });
});
