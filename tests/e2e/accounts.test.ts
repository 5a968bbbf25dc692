import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from '../browser.ts';
import { becomeGuest, demoUrl, type Mail, mailTo, type Person, visit, visitAs } from './people.ts';

const PASSWORD = 'a-good-long-one';

const address = () => `e2e-${randomBytes(6).toString('hex')}@post.example`;

/** The link of a mail, on this installation. */
function linkIn(mail: Mail): string {
  const link = /https?:\/\/\S+\?token=\S+/.exec(mail.text)?.[0];
  if (!link) throw new Error(`no link in: ${mail.text}`);
  const { pathname, search } = new URL(link);
  return pathname + search;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });

async function signUp(browser: Browser, email: string, name = 'Nell Marsh'): Promise<Person> {
  const page = await visit(browser, '/sign-up');
  await field(page, 'Name').fill(name);
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(PASSWORD);
  await button(page, 'Create account').click();
  await finish(page, email);
  await heading(page, 'Welcome, Nell').waitFor();
  return page;
}

/** Types the code of a started sign-up. */
async function finish(page: Page, email: string): Promise<void> {
  await heading(page, 'Look in your mail').waitFor();
  await field(page, 'Six digits').fill(/\d{6}/.exec((await mailTo(email, /Liventix account/)).subject)?.[0] ?? '');
  await button(page, 'Finish').click();
}

describe.skipIf(browserMissing)('accounts', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('signs in before JavaScript, keeps the typed address, and goes back to where she came from', async () => {
    const page = await visit(browser, '/sign-in?to=%2Fsettings%2Fsessions', { javaScriptEnabled: false });
    await field(page, 'Email').fill('mara@liventix.test');
    await field(page, 'Password').fill('not-this-one');
    await button(page, 'Sign in').click();
    await page.getByRole('alert').filter({ hasText: 'don’t belong together' }).waitFor();
    expect(await field(page, 'Email').inputValue()).toBe('mara@liventix.test');
    expect(await page.content()).not.toContain('not-this-one');
    await field(page, 'Password').fill('liventix-demo');
    await button(page, 'Sign in').click();
    await heading(page, 'Settings').waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings/sessions');
    await page.context().close();
  });

  it('says the same for an unknown address and a wrong password', async () => {
    const said: (string | null)[] = [];
    for (const email of ['ines@liventix.test', address()]) {
      const page = await visit(browser, '/sign-in');
      await field(page, 'Email').fill(email);
      await field(page, 'Password').fill('not-this-one');
      await field(page, 'Password').press('Enter');
      said.push(await page.getByRole('alert').textContent());
      expect(page.errors).toEqual([]);
      await page.context().close();
    }
    expect(said[0]).toContain('don’t belong together');
    expect(said[1]).toBe(said[0]);
  });

  it('never leads to another site after signing in', async () => {
    const page = await visit(browser, `/sign-in?to=${encodeURIComponent('/\t/elsewhere.example')}`);
    await button(page, 'Ines Carvalho Follows six things, posts, likes and answers.').click();
    await page.waitForURL(`${demoUrl()}/`);
    await page.context().close();
  });

  it('points at the first field that needs another look, and reaches every control by keyboard', async () => {
    const page = await visit(browser, '/sign-in', { width: 'desktop' });
    await field(page, 'Email').fill('half@an');
    await field(page, 'Email').press('Enter');
    await page.getByText('This is not a whole email address.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    const reached: (string | null)[] = [];
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    expect(reached).toEqual(['password', '', 'Forgot it?', 'by', 'by', 'by']);
    await page.context().close();
  });

  it('signs in by a mailed link that works once', async () => {
    const email = address();
    const page = await visit(browser, '/sign-in?to=%2Fsettings');
    await field(page, 'Email').fill(email);
    await button(page, 'Mail me a link').click();
    await heading(page, 'Look in your mail').waitFor();
    const link = linkIn(await mailTo(email, /sign-in link/i));
    await page.goto(link);
    await page.getByText(`You are about to sign in as ${email}`).waitFor();
    expect(await page.getByText('This browser didn’t ask').isVisible()).toBe(false);
    await button(page, 'Sign in').click();
    await heading(page, 'Settings').waitFor();
    expect(await page.getByText('Proven', { exact: true }).isVisible()).toBe(true);

    const late = await visit(browser, link);
    await heading(late, 'This link no longer works').waitFor();
    await Promise.all([page.context().close(), late.context().close()]);
  });

  it('signs in by a mailed code, and says when one does not fit', async () => {
    const email = address();
    const page = await visit(browser, '/sign-in?to=%2Fsettings');
    await field(page, 'Email').fill(email);
    await button(page, 'Mail me a code').click();
    await heading(page, 'Type the code').waitFor();
    const code = /\d{6}/.exec((await mailTo(email, /code/)).subject)?.[0] ?? '';
    await field(page, 'Six digits').fill(code === '000000' ? '111111' : '000000');
    await button(page, 'Sign in').click();
    await page.getByRole('alert').filter({ hasText: 'doesn’t fit' }).waitFor();
    await field(page, 'Six digits').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await button(page, 'Sign in').click();
    await heading(page, 'Settings').waitFor();
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  it('invites a guest, and moves her into the account she makes', async () => {
    const page = await visit(browser, '/');
    await becomeGuest(page);
    await page.goto('/settings');
    await heading(page, 'You’re here as a guest').waitFor();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByText('What you hold comes along').waitFor();
    const email = address();
    await field(page, 'Name').fill('Nell Marsh');
    await field(page, 'Email').fill(email);
    await field(page, 'Password').fill('short');
    await button(page, 'Create account').click();
    await page.getByText('At least 8 characters.').nth(1).waitFor();
    await field(page, 'Password').fill(PASSWORD);
    await button(page, 'Create account').click();
    await finish(page, email);
    await heading(page, 'Settings').waitFor();
    expect(await page.locator('main').getByText(email).isVisible()).toBe(true);
    await page.context().close();
  });

  it('creates an account by the mailed link too, and says on no screen that an address has one', async () => {
    const email = address();
    const start = async () => {
      const page = await visit(browser, '/sign-up?to=%2Fsettings');
      await field(page, 'Name').fill('Nell Marsh');
      await field(page, 'Email').fill(email);
      await field(page, 'Password').fill(PASSWORD);
      await button(page, 'Create account').click();
      await heading(page, 'Look in your mail').waitFor();
      return page;
    };
    const page = await start();
    await page.goto(linkIn(await mailTo(email, /finishes your/)));
    await button(page, 'Sign in').click();
    await heading(page, 'Settings').waitFor();
    expect(await field(page, 'Name').inputValue()).toBe('Nell Marsh');
    const again = await start();
    await mailTo(email, /You already have/);
    expect([page.errors, again.errors]).toEqual([[], []]);
    await Promise.all([page.context().close(), again.context().close()]);
  });

  it('changes an address only when both mailboxes agree', async () => {
    const [email, next] = [address(), address()];
    const page = await signUp(browser, email);
    await page.goto('/settings');
    await field(page, 'New address').fill(next);
    await button(page, 'Change address').click();
    await page.getByText(`the link is at ${email}`).waitFor();
    await page.goto(linkIn(await mailTo(email, /change your address/i)));
    await button(page, 'Agree to the change').click();
    await heading(page, 'One more mail').waitFor();
    await page.goto(linkIn(await mailTo(next, /address/i)));
    await button(page, 'Confirm new address').click();
    await heading(page, 'Your address has changed').waitFor();
    await page.goto('/settings');
    await page.locator('main').getByText(next).waitFor();
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  it('chooses a new password by mail, which signs every device out', async () => {
    const email = address();
    const page = await signUp(browser, email);
    const elsewhere = await visit(browser, '/forgot');
    await field(elsewhere, 'Email').fill(email);
    await button(elsewhere, 'Mail me the link').click();
    await heading(elsewhere, 'Look in your mail').waitFor();
    const link = linkIn(await mailTo(email, /new password/i));
    await elsewhere.goto(link);
    await field(elsewhere, 'New password').fill('another-good-one');
    await button(elsewhere, 'Save the password').click();
    await elsewhere.getByText('Your password is changed, and every device is signed out.').waitFor();
    await field(elsewhere, 'Email').fill(email);
    await field(elsewhere, 'Password').fill('another-good-one');
    await button(elsewhere, 'Sign in').click();
    await elsewhere.waitForURL(`${demoUrl()}/`);

    await page.goto('/settings');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await elsewhere.goto(link);
    await heading(elsewhere, 'This link no longer works').waitFor();
    await Promise.all([page.context().close(), elsewhere.context().close()]);
  });

  it('keeps a changed name, changes the password, and signs another device out', async () => {
    const email = address();
    const page = await signUp(browser, email);
    const other = await visit(browser, '/sign-in?to=%2Fsettings');
    await field(other, 'Email').fill(email);
    await field(other, 'Password').fill(PASSWORD);
    await button(other, 'Sign in').click();
    await heading(other, 'Settings').waitFor();

    await page.goto('/settings');
    await field(page, 'Name').fill('Nell of the Marsh');
    await page.getByLabel('Show my first name in sale lists').check();
    await button(page, 'Save').click();
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
    await page.reload();
    expect(await field(page, 'Name').inputValue()).toBe('Nell of the Marsh');
    expect(await page.getByLabel('Show my first name in sale lists').isChecked()).toBe(true);

    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('button', { name: /^Sign out .+, since/ }).click();
    await page.getByText('Signed out. It closes there within a second.').waitFor();
    // the page there notices by itself that its session is over
    await other.waitForURL((url) => url.pathname === '/sign-in');

    await page.getByRole('link', { name: 'Profile' }).click();
    await field(page, 'Present password').fill('not-this-one');
    await field(page, 'New password').fill('another-good-one');
    await button(page, 'Change password').click();
    await page.getByText('That is not your present password.').waitFor();
    await field(page, 'Present password').fill(PASSWORD);
    await button(page, 'Change password').click();
    await page.getByText('every other device is signed out').waitFor();
    await page.reload();
    await heading(page, 'Settings').waitFor();
    await Promise.all([page.context().close(), other.context().close()]);
  });

  it('takes everything along as a file, and deletes the account only when its address is typed', async () => {
    const email = address();
    const page = await signUp(browser, email);
    await page.goto('/settings/data');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download my data' }).click(),
    ]);
    const file = fs.readFileSync(await download.path(), 'utf8');
    expect(JSON.parse(file)).toHaveProperty('tables');
    expect(file).toContain(email);

    await page.getByLabel(/^Type .+ to delete/).fill('mara@liventix.test');
    await button(page, 'Delete my account').click();
    await page.getByText('Nothing was deleted.').waitFor();
    await page.getByLabel(/^Type .+ to delete/).fill(email);
    await button(page, 'Delete my account').click();
    await page.getByText('Your account is deleted').waitFor();
    await field(page, 'Email').fill(email);
    await field(page, 'Password').fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.getByRole('alert').filter({ hasText: 'don’t belong together' }).waitFor();
    await page.context().close();
  });

  it('signs out with a whole new page', async () => {
    const page = await visitAs(browser, 'mara', '/settings', { width: 'desktop' });
    await page
      .getByRole('button', { name: 'Account' })
      .or(page.locator('summary[aria-label="Account"]'))
      .first()
      .click();
    await page.getByText('Sign out', { exact: true }).click();
    await page.waitForURL(`${demoUrl()}/`);
    await page.goto('/settings');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.context().close();
  });
});
