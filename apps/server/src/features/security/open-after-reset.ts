import type postgres from 'postgres';
import { dropYoungFactors, forgiveTries } from './security.sql.ts';

/**
 * The mailbox has chosen a new password: what somebody put before the account with nothing but its password goes, and with
 * `forgives` the lock that wrong proofs left. In the transaction that ends the sessions, and behind its lock on the account.
 */
export async function openAfterReset(sql: postgres.ISql, userId: string, forgives: boolean): Promise<void> {
  await dropYoungFactors(sql, userId);
  if (forgives) await forgiveTries(sql, userId);
}
