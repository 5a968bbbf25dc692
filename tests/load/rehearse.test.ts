import { createTestApp, type TestApp } from '@liventix/server/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaintsOf, type Rehearsal, rehearse } from './rehearse.ts';

const size = { buyers: 60, places: 20, sockets: 20 };

let app: TestApp;
let result: Rehearsal;
beforeAll(async () => {
  app = await createTestApp({ env: { DEMO: true }, worker: true });
  result = await rehearse({
    ...size,
    port: app.env.PORT,
    publicUrl: app.url,
    secret: app.env.LIVENTIX_SECRET,
    db: app.db,
  });
});
afterAll(() => app?.close());

it('an on-sale rehearsal sells every place once and answers every buyer', () => {
  expect(complaintsOf(result, size)).toEqual([]);
  expect(result.ends).toEqual({ ticket: 20, refused: 40, busy: 0 });
  expect(Object.values(result.reasons).reduce((sum, count) => sum + count, 0)).toBe(40);
});

it('its sockets heard of the sale as it went', () => {
  expect(result.sockets).toMatchObject({ open: 20, lost: 0 });
  expect(result.felt['change to screen'].count).toBeGreaterThan(0);
});

it('a rehearsal that lost a place, or an answer, says so', () => {
  const { stock } = result;
  const oversold = { ...result, stock: { ...stock, issued: stock.quantity + 1, tickets: stock.quantity + 1 } };
  expect(complaintsOf(oversold, size)).toContain('oversold by 1');
  expect(complaintsOf({ ...result, ends: { ...result.ends, refused: 39 } }, size)).toEqual([
    '59 buyers came to an end, not 60',
  ]);
  expect(complaintsOf({ ...result, failures: ['holds.place 500 {}'] }, size)).toHaveLength(1);
});
