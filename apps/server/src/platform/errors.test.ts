import { TRPCError } from '@trpc/server';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { fail, LiventixError, newReference, toLiventixError } from './errors.ts';

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it('keeps our own refusals, however they were wrapped', () => {
  const own = thrown(() => fail('TIER_NOT_ENOUGH', { details: { free: 3 } }));
  const wrapped = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('x', { cause: own }) });
  expect(toLiventixError(wrapped)).toBe(own);
  expect(own).toMatchObject({ status: 409, message: 'Only 3 left. Take fewer, or another kind of ticket.' });
});

it('says INPUT_INVALID with the issues for what a schema refused', () => {
  const refusal = thrown(() => z.object({ quantity: z.int() }).parse({ quantity: 'x' }));
  expect(toLiventixError(refusal)).toMatchObject({
    code: 'INPUT_INVALID',
    details: { issues: [{ path: ['quantity'], message: expect.any(String) }] },
  });
});

it('says BUSY when the database was restarted or a lock took too long', () => {
  for (const code of ['55P03', '40P01', '57P01', 'CONNECTION_CLOSED']) {
    const lost = Object.assign(new Error('lost'), { code });
    expect(toLiventixError(new Error('Failed query', { cause: lost }))).toMatchObject({ code: 'BUSY', status: 503 });
  }
});

it('says how long to wait where it is known', () => {
  expect(thrown(() => fail('RATE_LIMITED', { retryAfterSeconds: 230 }))).toMatchObject({
    message: 'That was a lot of tries in a short time. Try again in 4 minutes.',
    retryAfterSeconds: 230,
  });
});

it('says nothing of what it does not know, but a reference', () => {
  const secret = toLiventixError(new Error('select secret_column from secret_table'));
  expect(secret).toBeInstanceOf(LiventixError);
  expect(secret.code).toBe('INTERNAL');
  expect(secret.reference).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
  expect(secret.message).toContain(secret.reference);
  expect(JSON.stringify([secret.message, secret.details])).not.toContain('secret_');
  expect(new Set(Array.from({ length: 1000 }, newReference)).size).toBe(1000);
});

it.each(['EPIPE', 'ECONNRESET', 'CONNECTION_CLOSED', '08000', '08003', '08006', '08P01'])(
  'takes %s for a connection to the database that broke: busy, and to be tried again',
  (code) => {
    const lost = Object.assign(new Error('write EPIPE'), { code });
    expect(toLiventixError(new Error('query failed', { cause: lost }))).toMatchObject({ code: 'BUSY', status: 503 });
  },
);
