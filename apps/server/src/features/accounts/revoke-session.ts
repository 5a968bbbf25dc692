import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { endSession } from './accounts.sql.ts';

/** Signs one of the caller's sessions out; its sockets close within a second, on every node. Errors: NOT_FOUND. */
export async function revokeSession(ctx: PersonCtx, input: { sessionId: string }): Promise<void> {
  if (!(await endSession(ctx.db.auth.sql, ctx.actor.userId, input.sessionId))) fail('NOT_FOUND');
  ctx.live.endSession(input.sessionId);
}
