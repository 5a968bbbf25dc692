import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';

const STEP_MS = 30_000;

/** What an authenticator app with this key shows now, or some steps of 30 seconds from now. */
export function appCode(key: string, steps = 0): Promise<string> {
  const secret = new TextDecoder().decode(base32.decode(key));
  return createOTP(secret).hotp(Math.floor(Date.now() / STEP_MS) + steps);
}
