import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { addressOf, clientAddress, isOwnOrigin, mayChange } from './origin.ts';

const request = (headers: Record<string, string>, method = 'POST') =>
  ({ method, headers, socket: { remoteAddress: '10.0.0.9' } }) as unknown as IncomingMessage;
const real = { publicUrl: 'https://liventix.example', demo: false };
const demo = { publicUrl: 'http://localhost:4900', demo: true };

it('lets only our own pages change something', () => {
  expect(mayChange(request({ origin: 'https://liventix.example', cookie: 'a=b' }), real)).toBe(true);
  for (const origin of [
    'https://evil.example',
    'null',
    'https://liventix.example.evil.example',
    'http://liventix.example',
  ]) {
    expect(mayChange(request({ origin, host: 'liventix.example' }), real)).toBe(false);
  }
});

it('takes no cookie without an Origin, and lets a command line through', () => {
  expect(mayChange(request({ cookie: 'a=b' }), real)).toBe(false);
  expect(mayChange(request({}), real)).toBe(true);
  expect(mayChange(request({ 'sec-fetch-site': 'cross-site' }), real)).toBe(false);
  expect(mayChange(request({ 'sec-fetch-site': 'same-origin', cookie: 'a=b' }), real)).toBe(true);
  expect(mayChange(request({ origin: 'https://evil.example' }, 'GET'), real)).toBe(true);
});

it('takes a demo page by the name it was asked under', () => {
  expect(isOwnOrigin(request({ origin: 'http://127.0.0.1:4900', host: '127.0.0.1:4900' }), demo)).toBe(true);
  expect(isOwnOrigin(request({ origin: 'http://127.0.0.1:4900', host: '127.0.0.1:4900' }), real)).toBe(false);
  expect(isOwnOrigin(request({ origin: 'http://evil.example', host: '127.0.0.1:4900' }), demo)).toBe(false);
});

it('believes forwarded addresses only as far as proxies are trusted', () => {
  const forwarded = request({ 'x-forwarded-for': '1.1.1.1, 2.2.2.2' });
  expect(addressOf(forwarded, 0)).toBe('10.0.0.9');
  expect(addressOf(forwarded, 1)).toBe('2.2.2.2');
  expect(addressOf(forwarded, 2)).toBe('1.1.1.1');
});

it('believes an address that a rehearsal names only in demo mode and only from this machine', () => {
  const named = (remoteAddress: string) =>
    ({ headers: { 'x-forwarded-for': '10.1.2.3' }, socket: { remoteAddress } }) as unknown as IncomingMessage;
  const inDemo = { trustedProxies: 0, demo: true };
  const forReal = { trustedProxies: 0, demo: false };
  for (const here of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
    expect(clientAddress(named(here), inDemo)).toBe('10.1.2.3');
    expect(clientAddress(named(here), forReal)).toBe(here);
  }
  expect(clientAddress(named('192.168.0.7'), inDemo)).toBe('192.168.0.7');
  expect(clientAddress(named('12.127.0.1'), inDemo)).toBe('12.127.0.1');
  expect(clientAddress(named('192.168.0.7'), { trustedProxies: 1, demo: false })).toBe('10.1.2.3');
});
