import { type AppLoadContext, redirectDocument } from '@remix-run/node';
import type { Problem } from './answers.ts';

export type AuthAnswer = { ok: true; headers: Headers } | { ok: false; problem: Problem };

type Path = Parameters<AppLoadContext['auth']>[0];

/**
 * What the sign-in library's codes mean to a person. Unknown address and wrong password are one thing, and so are a
 * wrong code and an old one.
 */
const PROBLEMS: Record<string, Problem['is']> = {
  INVALID_EMAIL_OR_PASSWORD: 'wrong',
  INVALID_EMAIL: 'email',
  INPUT_INVALID: 'email',
  VALIDATION_ERROR: 'email',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'taken',
  INVALID_TOKEN: 'link',
  TOKEN_EXPIRED: 'link',
  USER_NOT_FOUND: 'link',
  INVALID_OTP: 'code',
  OTP_EXPIRED: 'code',
  TOO_MANY_ATTEMPTS: 'code_spent',
  INVALID_PASSWORD: 'password',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'password',
  EMAIL_ALREADY_VERIFIED: 'proven',
  UNAUTHORIZED: 'signed_out',
  SIGN_IN_REQUIRED: 'signed_out',
  FRESH_SIGN_IN_REQUIRED: 'fresh',
};

/**
 * Asks the sign-in library on behalf of whoever sent this form, in this process. On success `headers` carries the
 * cookies to send along; a refusal comes as a problem the form has words for. What nobody foresaw throws.
 */
export async function callAuth(
  context: AppLoadContext,
  path: Path,
  body: Record<string, unknown> = {},
): Promise<AuthAnswer> {
  let response: Response;
  try {
    response = await context.auth(path, body);
  } catch (thrown) {
    const { code, retryAfterSeconds } = thrown as { code?: unknown; retryAfterSeconds?: number };
    if (code === 'RATE_LIMITED') return { ok: false, problem: tooMany(retryAfterSeconds) };
    if (code === 'MAILS_LIMITED')
      return { ok: false, problem: { ...tooMany(retryAfterSeconds), is: 'too_many_mails' } };
    const is = PROBLEMS[String(code)];
    if (!is) throw thrown;
    return { ok: false, problem: { is } };
  }
  if (response.ok) {
    const headers = new Headers();
    for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', cookie);
    return { ok: true, headers };
  }
  if (response.status === 429) return { ok: false, problem: tooMany(Number(response.headers.get('retry-after'))) };
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  const is = code === undefined ? undefined : PROBLEMS[code];
  if (!is) throw new Error(`the sign-in library refused ${path} with ${response.status} ${code ?? 'without a code'}`);
  return { ok: false, problem: { is } };
}

function tooMany(seconds: number | undefined): Problem {
  return { is: 'too_many', minutes: Math.max(1, Math.ceil((seconds || 60) / 60)) };
}

/** Goes on as the person who just signed in or out: a whole new page, so that nothing of the other one stays. */
export function goOn(to: string, headers: Headers): Response {
  return redirectDocument(to, { headers });
}
