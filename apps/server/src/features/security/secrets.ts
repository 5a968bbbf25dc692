import { createHmac, timingSafeEqual } from 'node:crypto';
import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { generateRandomString, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { Ctx } from '../../platform/context.ts';

const ISSUER = 'Liventix';
const KEY_LETTERS = 32;
const CODE_BYTES = 10; // 80 bits, sixteen letters: nothing to guess, with or without the installation's secret
const CODES = 10;
const STEP_MS = 30_000;

const secretOf = (ctx: Pick<Ctx, 'services'>) => ctx.services.env.LIVENTIX_SECRET;

/** A key for an authenticator app: as it is kept, as the QR code says it, and as a person types it. */
export async function newAppKey(ctx: Ctx, email: string): Promise<{ kept: string; uri: string; key: string }> {
  const secret = generateRandomString(KEY_LETTERS);
  const uri = createOTP(secret).url(ISSUER, email);
  return {
    kept: await symmetricEncrypt({ key: secretOf(ctx), data: secret }),
    uri,
    key: new URL(uri).searchParams.get('secret') ?? '',
  };
}

/**
 * The step of 30 seconds in which an authenticator app with this kept key shows this code: this one, the one before or the
 * next, by the database's clock; null when in none of them.
 */
export async function stepOfAppCode(ctx: Ctx, kept: string, code: string): Promise<number | null> {
  const app = createOTP(await symmetricDecrypt({ key: secretOf(ctx), data: kept }));
  const now = Math.floor(ctx.services.clock.now() / STEP_MS);
  const given = Buffer.from(code);
  let found: number | null = null;
  for (const step of [now - 1, now, now + 1]) {
    const shown = Buffer.from(await app.hotp(step));
    if (shown.length === given.length && timingSafeEqual(shown, given)) found = step;
  }
  return found;
}

/** Ten new recovery codes, and how they are kept. */
export function newRecoveryCodes(ctx: Ctx, userId: string): { code: string; kept: Buffer }[] {
  return Array.from({ length: CODES }, () => {
    const code = base32.encode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)), { padding: false }).toLowerCase();
    return { code: code.match(/.{4}/g)?.join('-') ?? code, kept: keepCode(ctx, userId, code) };
  });
}

/** A code of a user as it is kept: an HMAC that tells nothing without the installation's secret. */
export function keepCode(ctx: Ctx, userId: string, code: string): Buffer {
  return createHmac('sha256', secretOf(ctx)).update(`proof:${userId}:${code}`).digest();
}
