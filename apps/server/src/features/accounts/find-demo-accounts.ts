import type { Databases } from '@liventix/db/client';
import { DEMO_DOMAIN } from '../../platform/standing.ts';
import { countDemoAccounts } from './accounts.sql.ts';

/** Whether the database holds demo accounts: a real installation refuses to start with them. */
export async function findDemoAccounts(db: Databases): Promise<boolean> {
  return (await countDemoAccounts(db.engine.sql, DEMO_DOMAIN)) > 0;
}
