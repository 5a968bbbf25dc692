import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode } from '../../apps/server/src/testing/app-code.ts';
import { findByAxe } from '../axe.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { openBooks } from './buyer.ts';
import { demoUrl, mailTo, ONCE_MORE, type Person, visit } from './people.ts';

const PASSWORD = 'a-good-long-one';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

/** What fades in has faded in: what axe measures are the colours that stay. (The dot of a live page beats for ever.) */
const settled = (page: Page) =>
  page.evaluate(async () => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.all(ending.map((each) => each.finished.catch(() => null)));
  });

interface Owner {
  page: Person;
  email: string;
}

async function change(how: (sql: ReturnType<typeof openBooks>) => Promise<unknown>): Promise<void> {
  const sql = openBooks();
  try {
    await how(sql);
  } finally {
    await sql.end();
  }
}

/** A new account, which is none of the demo's, on a page. */
async function signUp(browser: Browser, path: string, options: Parameters<typeof visit>[2] = {}): Promise<Owner> {
  const email = `e2e-${randomBytes(6).toString('hex')}@post.example`;
  const page = await visit(browser, '/imprint', options);
  const post = async (path: string, data: Record<string, string>) => {
    const answer = await page.context().request.post(path, { data, headers: { origin: demoUrl() }, ...ONCE_MORE });
    expect(answer.ok()).toBe(true);
  };
  await post('/auth/sign-up/email', { email, name: 'Nell Marsh', password: PASSWORD });
  const otp = /\d{6}/.exec((await mailTo(email, /Liventix account/)).subject)?.[0] ?? '';
  await post('/auth/sign-in/email-otp', { email, otp });
  await page.goto(path);
  return { page, email };
}

/** As if this person had signed in an hour ago. */
const age = (email: string) =>
  change(
    (sql) => sql`update auth.sessions set confirmed_at = confirmed_at - interval '1 hour'
                  where user_id = (select id from auth.users where email = ${email})`,
  );

/** Sets an authenticator app up by its key; answers the key and the recovery codes. */
async function setUpApp(page: Page): Promise<{ key: string; used: string; codes: string[] }> {
  await button(page, 'Set up an app').click();
  await page.getByRole('img', { name: 'QR code with the key for your authenticator app' }).waitFor();
  const key = ((await page.locator('form code').first().textContent()) ?? '').replace(/\s/g, '');
  expect(await findByAxe(page)).toEqual([]);
  await field(page, 'Code that the app shows').fill('000000');
  await button(page, 'Turn on').click();
  await page.getByRole('alert').filter({ hasText: 'That is not right' }).waitFor();
  const used = await appCode(key);
  await field(page, 'Code that the app shows').fill(used);
  await button(page, 'Turn on').click();
  await page.getByText('Keep these codes').waitFor();
  const codes = await page.locator('li > code').allTextContents();
  expect(codes).toHaveLength(10);
  return { key, used, codes };
}

async function signIn(page: Page, email: string, to = '/settings'): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(PASSWORD);
  await button(page, 'Sign in').click();
}

describe.skipIf(browserMissing)('the second factor', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it.each(['light', 'dark'] as const)(
    'is set up, asked for at a sign-in, and recovered from by a code, in %s',
    async (scheme) => {
      const { page, email } = await signUp(browser, '/settings/security', {
        colorScheme: scheme,
        width: scheme === 'dark' ? 'desktop' : 'phone',
      });
      const { key, used, codes } = await setUpApp(page);
      expect(await findByAxe(page)).toEqual([]);
      await button(page, 'I have kept them').click();
      await page.getByText('10 codes are left.').waitFor();

      await signIn(page, email, '/settings/sessions');
      await heading(page, 'One more step').waitFor();
      expect(await findByAxe(page)).toEqual([]);
      // Every page leads back here until the code is right, but the way around a factor that is not hers.
      await page.getByRole('link', { name: 'Choose a new password' }).click();
      await page.waitForURL('**/forgot');
      await field(page, 'Email').waitFor();
      await page.goto('/tickets');
      await heading(page, 'One more step').waitFor();
      await field(page, 'Code from your authenticator app').fill(used);
      await page.keyboard.press('Enter');
      // A code is good once, and this one turned the app on.
      await page.getByRole('alert').filter({ hasText: 'used already' }).waitFor();
      await field(page, 'Code from your authenticator app').fill(await appCode(key, 1));
      await page.keyboard.press('Enter');
      await page.waitForURL('**/tickets');

      await signIn(page, email, '/settings/security');
      await button(page, 'Use a recovery code').click();
      await field(page, 'Recovery code').fill((codes[0] ?? '').toUpperCase());
      await button(page, 'Sign in').click();
      await page.getByText('9 codes are left.').waitFor();
      expect(page.errors).toEqual([]);
      await page.context().close();
    },
  );

  it('is asked for before JavaScript too', async () => {
    const { page, email } = await signUp(browser, '/settings/security');
    const { key } = await setUpApp(page);
    const plain = await visit(browser, '/sign-in?to=%2Fsettings', { javaScriptEnabled: false });
    await field(plain, 'Email').fill(email);
    await field(plain, 'Password').fill(PASSWORD);
    await button(plain, 'Sign in').click();
    await field(plain, 'Code from your authenticator app').fill('000000');
    await button(plain, 'Sign in').click();
    await plain.getByRole('alert').filter({ hasText: 'That is not right' }).waitFor();
    await field(plain, 'Code from your authenticator app').fill(await appCode(key, 1));
    await button(plain, 'Sign in').click();
    await heading(plain, 'Settings').waitFor();
    await Promise.all([page.context().close(), plain.context().close()]);
  });

  it('is set up where an owner first needs it, and the interrupted invitation goes out', async () => {
    const { page } = await signUp(browser, '/imprint', { width: 'desktop' });
    const made = await page.context().request.post('/trpc/organizations.create', {
      data: { json: { name: 'Owls of Kreuzberg' } },
      headers: { origin: demoUrl() },
      ...ONCE_MORE,
    });
    const { id } = ((await made.json()) as { result: { data: { json: { id: string } } } }).result.data.json;
    await page.goto(`/organizer/team/${id}`);
    await page.getByRole('textbox', { name: 'Email' }).fill('jonas@post.example');
    await button(page, 'Send the invitation').click();
    const dialog = page.getByRole('dialog', { name: 'Set up a second factor' });
    await dialog.waitFor();
    await settled(page);
    expect(await findByAxe(page)).toEqual([]);
    await setUpApp(page);
    await button(page, 'Carry on').click();
    await page.getByText('jonas@post.example').first().waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  it('is a passkey: made, named, used to sign in and to confirm, and removed', async () => {
    const { page, email } = await signUp(browser, '/settings/security');
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await field(page, 'Name of the new passkey').fill('Laptop');
    await button(page, 'Add a passkey').click();
    await page.getByText('Keep these codes').waitFor();
    await page.getByText('Laptop', { exact: true }).waitFor();
    expect(await findByAxe(page)).toEqual([]);
    await button(page, 'Rename Laptop').click();
    await field(page, 'New name').fill('Work laptop');
    await button(page, 'Save').click();
    await page.getByText('Work laptop', { exact: true }).waitFor();

    await signIn(page, email, '/settings/security');
    await button(page, 'Use a passkey').click();
    await page.getByText('Work laptop', { exact: true }).waitFor();
    await age(email);
    await button(page, 'Remove Work laptop').click();
    await page
      .getByRole('dialog', { name: 'Remove Work laptop?' })
      .getByRole('button', { name: 'Remove', exact: true })
      .click();
    await page
      .getByRole('dialog', { name: 'Confirm that it’s you' })
      .getByRole('button', { name: 'Use a passkey' })
      .click();
    await page.getByText('You have no passkey yet.').waitFor();
    expect(page.errors).toEqual([]);
    await page.context().close();
  });
});
