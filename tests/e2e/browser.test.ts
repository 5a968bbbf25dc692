import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser, newPage } from '../browser.ts';

describe.skipIf(browserMissing)('the browser of the tests', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('draws text at both widths, so that a check of the layout means something', async () => {
    for (const [width, pixels] of [
      ['phone', 390],
      ['desktop', 1440],
    ] as const) {
      const page = await newPage(browser, { width });
      await page.setContent('<meta name="viewport" content="width=device-width"><span id="word">Liventix</span>');
      const box = await page.locator('#word').boundingBox();
      expect(box?.width).toBeGreaterThan(40);
      expect(await page.evaluate(() => window.innerWidth)).toBe(pixels);
      expect(page.errors).toEqual([]);
      await page.context().close();
    }
  });

  it('keeps two people apart', async () => {
    const [mara, theo] = [await newPage(browser), await newPage(browser)];
    await mara.context().addCookies([{ name: 'who', value: 'mara', url: 'http://127.0.0.1' }]);
    expect(await theo.context().cookies()).toEqual([]);
    expect(await mara.context().cookies()).toHaveLength(1);
  });
});
