import { randomBytes } from 'node:crypto';

export function makeId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

export function makeSecret(intentId: string): string {
  return `${intentId}_secret_${randomBytes(12).toString('hex')}`;
}

/** Unix seconds, as Stripe stamps `created`. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
