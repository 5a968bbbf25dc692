import type { Browser, Page } from 'playwright-core';
import { inject } from 'vitest';
import { newPage, type PageOptions } from '../browser.ts';

/** Where the demo of this run answers. */
export const demoUrl = (): string => inject('demo').url;

export type Person = Page & { errors: string[] };

/** A stranger's browser, on the given page. */
export async function visit(browser: Browser, path: string, options: PageOptions = {}): Promise<Person> {
  const page = await newPage(browser, { baseURL: demoUrl(), ...options });
  await page.goto(path);
  return page;
}

/** One of the demo's people, signed in, on the given page. */
export async function visitAs(
  browser: Browser,
  who: 'mara' | 'theo' | 'ines' | 'admin',
  path: string,
  options: PageOptions = {},
): Promise<Person> {
  const page = await newPage(browser, { baseURL: demoUrl(), ...options });
  const answer = await page.context().request.post('/auth/sign-in/email', {
    data: { email: `${who}@liventix.test`, password: 'liventix-demo' },
    headers: { origin: demoUrl() },
  });
  if (!answer.ok()) throw new Error(`${who} cannot sign in: ${answer.status()}`);
  await page.goto(path);
  return page;
}

/** Makes a stranger's browser a guest's, as saving an event does. */
export async function becomeGuest(page: Page): Promise<void> {
  const { request } = page.context();
  const found = await request.get('/trpc/events.discover?input=%7B%22json%22%3A%7B%7D%7D');
  const { result } = (await found.json()) as { result: { data: { json: { events: { id: string }[] } } } };
  const eventId = result.data.json.events[0]?.id;
  const saved = await request.post('/trpc/events.save', {
    data: { json: { eventId } },
    headers: { origin: demoUrl() },
  });
  if (!saved.ok()) throw new Error(`nothing can be saved: ${saved.status()} ${await saved.text()}`);
}

/** Resolves when the page's socket is live, so that what follows is seen by push and not by a reload. */
export async function live(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[data-state="live"]') !== null, null, { timeout: 20_000 });
}

/** The server closes a kept connection after five idle seconds: who asks in that very moment asks once more. */
export const ONCE_MORE = { maxRetries: 1 };

/** What the API says to this person. Dates stay strings. */
export async function ask<T>(page: Page, procedure: string, input?: unknown): Promise<T> {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
  const answer = await page.context().request.get(`/trpc/${procedure}${query}`, ONCE_MORE);
  if (!answer.ok()) throw new Error(`${procedure}: ${answer.status()} ${await answer.text()}`);
  return ((await answer.json()) as { result: { data: { json: T } } }).result.data.json;
}

export interface Mail {
  id: number;
  subject: string;
  text: string;
}

/** The newest mail to an address that fits, as soon as it has arrived. */
export async function mailTo(email: string, subject: RegExp, after = 0): Promise<Mail> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const answer = await fetch(`${demoUrl()}/simulators/inbox/messages.json?to=${encodeURIComponent(email)}`);
    const mail = ((await answer.json()) as Mail[])
      .filter(({ id, subject: about }) => id > after && subject.test(about))
      .sort((a, b) => b.id - a.id)[0];
    if (mail) return mail;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no mail to ${email} about ${subject}`);
}
