import type { WorkCtx } from '../../platform/context.ts';
import { foldChanges } from './organizer.sql.ts';

/** Folds what was sold since the last second into the kept totals. What one turn leaves, the next one takes. */
export async function foldTotals(ctx: WorkCtx): Promise<void> {
  await foldChanges(ctx.db.engine.sql);
}
