import { requireFresh } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { collectLoginData } from './accounts.sql.ts';
import { collectPersonalData } from './personal-data.sql.ts';

export interface PersonalData {
  exportedAt: string;
  userId: string;
  /** `schema.table` to its rows about this person. */
  tables: Record<string, unknown[]>;
}

/**
 * Everything the database holds about the caller, as JSON. Secrets (hashes, tokens, ticket codes) stay out, and so does what
 * is another person's: of rows the caller only acted on, as staff, she gets what she did and when.
 * Errors: FRESH_SIGN_IN_REQUIRED.
 */
export async function exportData(ctx: PersonCtx): Promise<PersonalData> {
  const { userId } = ctx.actor;
  await requireFresh(ctx, ctx.actor);
  const trade = await ctx.write((_tx, sql) => collectPersonalData(sql, userId));
  const login = await collectLoginData(ctx.db.auth.sql, userId);
  return { exportedAt: new Date().toISOString(), userId, tables: { ...login, ...trade } };
}
