import { wordsFor } from '@liventix/contracts/errors';
import type { Databases } from '@liventix/db/client';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Env } from '../../env.ts';
import { LiventixError } from '../../platform/errors.ts';
import type { Live } from '../../platform/live/live.ts';
import type { ReadSession } from '../../platform/sessions.ts';
import { requireFresh } from '../../platform/standing.ts';
import { endOtherSessions } from '../accounts/end-other-sessions.ts';
import { lockFactors } from './security.sql.ts';

export interface GuardOptions {
  env: Env;
  db: Databases;
  live: () => Live;
  readSession: ReadSession;
}

/** What asks for a fresh sign-in there. */
const FRESH = new Set(['/change-email', '/change-password']);

/**
 * Our rules for the sign-in library's own paths, as a plugin of it: address and password change only after a fresh sign-in, and a
 * changed password ends every other session. (A session that waits for its second factor has another cookie, and never comes here.)
 */
export function guardAuth({ env, db, live, readSession }: GuardOptions): BetterAuthPlugin {
  const cookieOf = (ctx: { headers?: Headers | undefined }) => ctx.headers?.get('cookie') ?? undefined;
  return {
    id: 'guard',
    hooks: {
      before: [
        {
          matcher: ({ path }) => FRESH.has(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => {
            const actor = await readSession(cookieOf(ctx));
            if (!actor || actor.isAnonymous) throw refusal('UNAUTHORIZED', 'SIGN_IN_REQUIRED');
            try {
              await requireFresh({ db, services: { env } }, actor);
            } catch (thrown) {
              if (thrown instanceof LiventixError) throw refusal('FORBIDDEN', thrown.code);
              throw thrown;
            }
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path === '/change-password',
          handler: createAuthMiddleware(async (ctx) => {
            if (ctx.context.returned instanceof APIError) return;
            const actor = await readSession(cookieOf(ctx));
            if (!actor) return;
            const ended = await db.auth.transaction(async (_tx, sql) => {
              await lockFactors(sql, actor.userId);
              return endOtherSessions(sql, actor.userId, actor.sessionId);
            });
            for (const id of ended) live().endSession(id);
          }),
        },
      ],
    },
  };
}

function refusal(status: 'UNAUTHORIZED' | 'FORBIDDEN', code: LiventixError['code']): APIError {
  return new APIError(status, { code, message: wordsFor(code) });
}
