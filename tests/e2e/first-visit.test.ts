import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from '../browser.ts';
import { visit } from './people.ts';

/** What a browser that was never here, or that refuses things, gets. */
describe.skipIf(browserMissing)('a first visit', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('registers the worker that keeps tickets readable without a network, in each of six fresh browsers', async () => {
    for (let n = 0; n < 6; n++) {
      const page = await visit(browser, '/');
      // Resolves once a worker is active; without a registration it never does.
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await page.context().close();
    }
  });

  it('writes people’s words in the direction of their own letters, and its own as ever', async () => {
    const page = await visit(browser, '/e/subfloor');
    const ends = await page.evaluate(() =>
      ['h1', 'main p', 'main dd', 'main li'].map((where) => {
        const element = document.querySelector(where);
        const endOf = (words: string) => {
          element?.replaceChildren(words);
          const text = element?.firstChild;
          const at = (index: number) => {
            const range = document.createRange();
            range.setStart(text as Node, index);
            range.setEnd(text as Node, index + 1);
            return range.getBoundingClientRect().left;
          };
          return at(words.length - 1) < at(0) ? 'left' : 'right';
        };
        return [where, endOf('מופע!'), endOf('Show!')];
      }),
    );
    expect(ends).toEqual(['h1', 'main p', 'main dd', 'main li'].map((where) => [where, 'left', 'right']));
    await page.context().close();
  });

  it('works where storage is shut and tabs may not talk', async () => {
    const page = await visit(browser, '/sign-in');
    await page.context().addInitScript(() => {
      const refuse = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
      for (const name of ['sessionStorage', 'localStorage'] as const)
        Object.defineProperty(window, name, { get: refuse, configurable: true });
      Object.defineProperty(window, 'BroadcastChannel', { value: refuse, configurable: true });
    });
    await page.goto('/');
    await page.locator('main a[href^="/e/"]').first().click();
    await page.getByRole('heading', { level: 2, name: 'Tickets' }).waitFor();
    // The framework's own scroll script says the browser's refusal aloud; nothing else may.
    expect(page.errors.filter((error) => !error.includes('insecure'))).toEqual([]);
    await page.context().close();
  });
});
