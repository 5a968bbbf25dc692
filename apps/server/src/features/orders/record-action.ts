import { Combiner } from '../../platform/combine.ts';
import type { WorkCtx } from '../../platform/context.ts';
import { perProcess } from '../inventory/per-process.ts';
import { type Action, writeActions } from './orders.sql.ts';

const writerOf = perProcess(
  ({ db }) =>
    new Combiner<Action, null>({
      flush: async (actions) => {
        await writeActions(db.engine.sql, actions);
        return actions.map(() => null);
      },
      maxBatch: 512,
      maxInFlight: 1,
    }),
);

/** Notes what a person did, after the fact and apart from it: a figure may be lost, a purchase never waits for it. */
export function recordAction(ctx: WorkCtx, action: Action): void {
  const written = new Promise((resolve) => resolve(writerOf(ctx).submit(action)));
  written.catch((err: unknown) => ctx.log.warn({ err, kind: action.kind }, 'an action was not recorded'));
}
