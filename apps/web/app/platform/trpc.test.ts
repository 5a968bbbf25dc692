import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { readError } from './trpc.ts';

describe('a refusal of the server', () => {
  it('is read with its code, words, details and reference', () => {
    const thrown = TRPCClientError.from({
      error: {
        code: -32_009,
        message: 'Only 3 left. Take fewer, or another kind of ticket.',
        data: { code: 'TIER_NOT_ENOUGH', details: { free: 3 }, reference: 'K7QM-2FXA', httpStatus: 409 },
      },
    } as never);
    expect(readError(thrown)).toEqual({
      code: 'TIER_NOT_ENOUGH',
      words: 'Only 3 left. Take fewer, or another kind of ticket.',
      details: { free: 3 },
      reference: 'K7QM-2FXA',
      status: 409,
    });
  });

  it('is told apart from no answer at all', () => {
    expect(readError(TRPCClientError.from(new TypeError('Failed to fetch'))).code).toBe('OFFLINE');
    expect(readError(new Error('what')).code).toBe('UNKNOWN');
    expect(readError(undefined).code).toBe('UNKNOWN');
  });
});
