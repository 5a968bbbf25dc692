import type postgres from 'postgres';
import { endOtherSessions as endRows } from './accounts.sql.ts';

/** Ends every session of a person but one; answers which, for the live layer to close. */
export function endOtherSessions(sql: postgres.ISql, userId: string, keep: string): Promise<string[]> {
  return endRows(sql, userId, keep);
}
