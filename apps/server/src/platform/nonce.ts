import { randomFillSync } from 'node:crypto';

const BYTES = 16;
/** Asking the system for random bytes costs the same for 16 as for 256 times as many. */
const pool = Buffer.alloc(BYTES * 256);
let used = pool.length;

/** A content policy's nonce, for one answer: 128 random bits, base64. */
export function nextNonce(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const nonce = pool.toString('base64', used, used + BYTES);
  used += BYTES;
  return nonce;
}
