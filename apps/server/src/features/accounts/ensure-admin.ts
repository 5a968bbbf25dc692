import type { Databases } from '@liventix/db/client';
import { ensureProfile, insertAccount, promoteToAdmin } from './accounts.sql.ts';

/**
 * Makes a person an administrator of the platform, and her account if there is none (without a password: she signs in by
 * a mailed link, which proves the address). Repeating it changes nothing. Only for the terminal: no procedure leads here.
 */
export async function ensureAdmin(db: Databases, email: string): Promise<{ made: boolean }> {
  const { person, made } = await insertAccount(db.auth.sql, email);
  await ensureProfile(db.engine.sql, person);
  await promoteToAdmin(db.engine.sql, person.id);
  return { made };
}
