import type { Databases } from '@liventix/db/client';
import { eraseFactors } from './security.sql.ts';

/**
 * Takes the second factor off an account whose owner lost everything, and ends its sessions; the password stays. Only for
 * the terminal, after the operator has seen who asks (docs/operations.md). Null: there is no such account.
 */
export async function resetFactors(db: Databases, email: string): Promise<{ had: boolean } | null> {
  return db.auth.transaction((_tx, sql) => eraseFactors(sql, email));
}
