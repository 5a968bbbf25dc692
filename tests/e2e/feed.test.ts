import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from '../browser.ts';
import { isSameDocument, markDocument } from './buyer.ts';
import { live, visit, visitAs } from './people.ts';

const FEED = '/e/open-decks/feed';

const post = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words }).first();
const likeButton = (page: Page, words: string) => post(page, words).getByRole('button', { name: /^Like/ });

/** Likes as the page says them now. */
async function likesOf(page: Page, words: string): Promise<number> {
  const label = await likeButton(page, words).getAttribute('aria-label');
  return Number(/\d[\d,]*/.exec(label ?? '')?.[0].replace(',', '') ?? '0');
}

/** The like button once it says this number. */
const saying = (page: Page, words: string, likes: number) =>
  post(page, words).getByRole('button', { name: `Like, ${likes} so far`, exact: true });

describe.skipIf(browserMissing)('the feed', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('shows an own like before the server has answered, and everybody else’s window moves without a reload', async () => {
    const words = 'The 3 a.m. set should be a legal holiday.';
    const ines = await visitAs(browser, 'ines', FEED);
    const other = await visit(browser, FEED, { width: 'desktop' });
    await Promise.all([live(ines), live(other)]);
    await markDocument(other);
    const likes = await likesOf(other, words);

    // The answer is kept back until the page has shown the like.
    let answerNow = () => {};
    const kept = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    await ines.route(/\/trpc\/feed\.like/, async (route) => {
      await kept;
      await route.continue();
    });
    await likeButton(ines, words).click();
    await saying(ines, words, likes + 1).waitFor();
    expect(await likeButton(ines, words).getAttribute('aria-pressed')).toBe('true');
    expect(await likesOf(other, words)).toBe(likes);
    answerNow();
    await saying(other, words, likes + 1).waitFor();
    expect(await likeButton(other, words).getAttribute('aria-pressed')).toBe('false');

    await ines.reload();
    await saying(ines, words, likes + 1).waitFor();
    await live(ines);
    await likeButton(ines, words).click();
    await saying(other, words, likes).waitFor();
    expect(await isSameDocument(other)).toBe(true);
    expect([...ines.errors, ...other.errors]).toEqual([]);
    await Promise.all([ines.context().close(), other.context().close()]);
  });

  it('brings a comment and a new post into another window without a reload', async () => {
    const words = 'The 3 a.m. set should be a legal holiday.';
    const ines = await visitAs(browser, 'ines', FEED);
    const other = await visit(browser, FEED, { width: 'desktop' });
    await Promise.all([live(ines), live(other)]);
    await markDocument(other);
    const answer = `My neighbours agree, number ${randomBytes(3).toString('hex')}.`;
    await post(ines, words)
      .getByRole('link', { name: /^Comment/ })
      .click();
    await post(ines, words).getByLabel('Write a comment').fill(answer);
    await post(ines, words).getByRole('button', { name: 'Send' }).click();
    await post(other, words).getByText(answer).waitFor();
    expect(await post(other, words).getByText('Ines Carvalho').count()).toBeGreaterThan(0);

    const news = `Whoever found a single glove, it is mine: ${randomBytes(3).toString('hex')}.`;
    await ines.getByRole('textbox', { name: 'Write a post' }).fill(news);
    await ines.getByRole('button', { name: 'Post', exact: true }).click();
    await post(ines, news).waitFor();
    await other.getByRole('button', { name: '1 new post' }).click();
    await post(other, news).getByText('checked in').or(post(other, news).getByText('has a ticket')).first().waitFor();
    expect(await isSameDocument(other)).toBe(true);
    expect([...ines.errors, ...other.errors]).toEqual([]);
    await Promise.all([ines.context().close(), other.context().close()]);
  });

  it('asks a stranger who likes to sign in on the spot, and keeps her like meanwhile', async () => {
    const words = '171 of you. We counted';
    const page = await visit(browser, FEED);
    await live(page);
    const likes = await likesOf(page, words);
    await likeButton(page, words).click();
    await page.getByText('Sign in and your like is kept.').waitFor();
    expect(new URL(page.url()).pathname).toBe(FEED);

    await page.getByRole('status').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Email', { exact: true }).fill('mara@liventix.test');
    await page.getByLabel('Password', { exact: true }).fill('liventix-demo');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === FEED);
    await saying(page, words, likes + 1).waitFor();
    expect(await likeButton(page, words).getAttribute('aria-pressed')).toBe('true');
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  it('sends a phone’s 48 megapixels as what is kept of them, and says why another picture was refused', async () => {
    const ines = await visitAs(browser, 'ines', FEED);
    await live(ines);
    const files = ines.locator('input[type=file]').first();
    const plain = sharp({ create: { width: 8000, height: 6000, channels: 3, background: '#E4572E' } });
    // As many bytes as a real one of that size has, and more than are taken.
    const buffer = Buffer.concat([await plain.jpeg().toBuffer(), Buffer.alloc(16_000_000)]);
    await files.setInputFiles({ name: 'phone.jpg', mimeType: 'image/jpeg', buffer });
    await ines.getByRole('img', { name: 'Photo 1', exact: true }).waitFor();

    await files.setInputFiles({
      name: 'odd.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('<svg xmlns="x"></svg>'),
    });
    await ines.getByText('We can’t take SVG files. A PNG export of it will do.').waitFor();
    expect(ines.errors.filter((each) => !each.includes('400'))).toEqual([]);
    await ines.context().close();
  });
});
