import { hash, verify } from '@node-rs/argon2';

// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. About 20 ms here, off the main thread.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Argon2id of a password, salt and cost included. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST);
}

/** Whether the password belongs to the hash; false for a hash that is none. */
export async function verifyPassword(given: { hash: string; password: string }): Promise<boolean> {
  try {
    return await verify(given.hash, given.password.normalize('NFKC'));
  } catch {
    return false;
  }
}
