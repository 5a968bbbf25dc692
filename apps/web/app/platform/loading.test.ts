import { describe, expect, it } from 'vitest';
import { load } from './loading.ts';

const thrownBy = async (error: unknown) => {
  try {
    await load(Promise.reject(error));
  } catch (thrown) {
    return thrown as { data: unknown; init: { status: number } | null };
  }
  throw new Error('nothing was thrown');
};

describe('loading a page', () => {
  it('gives back what came', async () => {
    expect(await load(Promise.resolve(7))).toBe(7);
  });

  it('turns a refusal, however deep, into the page of its status', async () => {
    const refusal = Object.assign(new Error('This is no longer here.'), { code: 'GONE', status: 410, details: {} });
    const thrown = await thrownBy(new Error('call failed', { cause: refusal }));
    expect(thrown.init?.status).toBe(410);
    expect(thrown.data).toEqual({ code: 'GONE', words: 'This is no longer here.', reference: null });
  });

  it('tells the reference of an unexpected error and nothing of its cause', async () => {
    const inside = new Error('relation "orders" does not exist');
    const refusal = Object.assign(new Error("That's on us."), {
      code: 'INTERNAL',
      status: 500,
      reference: 'K7QM-2FXA',
      cause: inside,
    });
    const thrown = await thrownBy(refusal);
    expect(JSON.stringify(thrown.data)).toContain('K7QM-2FXA');
    expect(JSON.stringify(thrown.data)).not.toContain('relation');
  });

  it('lets anything else through as it is', async () => {
    const strange = new TypeError('x is not a function');
    expect(await thrownBy(strange)).toBe(strange);
  });
});
