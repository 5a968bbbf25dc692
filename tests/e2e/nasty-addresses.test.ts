import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { NASTY_TEXTS } from '../attacks/arbitrary-of.ts';
import { browserMissing } from '../browser.ts';
import { demoUrl } from './people.ts';

// One per kind of page; `*` is where the nasty text goes.
const PAGES = [
  '/?q=*',
  '/?city=*&when=*',
  '/?date=*&category=*',
  '/?cursor=*',
  '/?_data=*',
  '/e/*',
  '/e/*/feed?cursor=*',
  '/e/*/waiting-room',
  '/h/*',
  '/p/*',
  '/l/*',
  '/feed?cursor=*',
  '/checkout/*',
  '/orders/*/return?payment_intent=*',
  '/tickets/*',
  '/tickets?order=*&found=*',
  '/organizer/*',
  '/organizer/invite/*',
  '/sign-in?to=*&error=*',
  '/reset?token=*',
  '/verify?change=*&error=*',
  '/posters/*.png?w=*',
];

/** The status of an address exactly as it stands: `fetch` would tidy it up first. */
function statusOf(path: string): Promise<number> {
  const { hostname, port } = new URL(demoUrl());
  return new Promise((resolve, reject) => {
    http
      .get({ hostname, port, path, headers: { 'x-forwarded-for': '203.0.113.7' } }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
      })
      .once('error', reject);
  });
}

describe.skipIf(browserMissing)('a nasty address', () => {
  it('is answered by every page with less than 500', async () => {
    const written = [
      ...NASTY_TEXTS.filter((text) => text.isWellFormed() && text.length < 1000).map(encodeURIComponent),
      '%ff',
      '%E0%A4%A',
      '%00',
      '%ED%A0%80',
    ];
    const faults: string[] = [];
    for (const page of PAGES)
      for (const text of written) {
        const status = await statusOf(page.replaceAll('*', text));
        if (status >= 500) faults.push(`${page} with ${text}: ${status}`);
      }
    expect(faults).toEqual([]);
  });
});
