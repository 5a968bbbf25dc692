import type { Databases } from '@liventix/db/client';
import { countDemoAccounts } from './accounts.sql.ts';

/** Domain of the demo's sign-ins; their password is printed at every start, so they never exist outside a demo. */
export const DEMO_DOMAIN = 'liventix.test';

/** Whether the database holds demo accounts: a real installation refuses to start with them. */
export async function findDemoAccounts(db: Databases): Promise<boolean> {
  return (await countDemoAccounts(db.engine.sql, DEMO_DOMAIN)) > 0;
}
