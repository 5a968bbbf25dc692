import type { AppLoadContext } from '@remix-run/node';
import { describe, expect, it } from 'vitest';
import { callAuth } from './call-auth.server.ts';

describe('a form that the sign-in library refuses', () => {
  it.each([
    ['SIGN_IN_REQUIRED', 'signed_out'],
    ['FRESH_SIGN_IN_REQUIRED', 'fresh'],
    ['INVALID_PASSWORD', 'password'],
    ['CREDENTIAL_ACCOUNT_NOT_FOUND', 'password'],
    ['INPUT_INVALID', 'email'],
    ['RATE_LIMITED', 'too_many'],
  ])('has words for %s, whether it is answered or thrown', async (code, is) => {
    const ways: AppLoadContext['auth'][] = [
      async () => Response.json({ code }, { status: code === 'RATE_LIMITED' ? 429 : 401 }),
      async () => Promise.reject(Object.assign(new Error(code), { code })),
    ];
    for (const auth of ways) {
      const answer = await callAuth({ auth } as AppLoadContext, '/change-password');
      expect(answer).toMatchObject({ ok: false, problem: { is } });
    }
  });
});
