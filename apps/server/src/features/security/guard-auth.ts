import { wordsFor } from '@liventix/contracts/errors';
import type { Databases } from '@liventix/db/client';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Env } from '../../env.ts';
import { LiventixError } from '../../platform/errors.ts';
import type { Live } from '../../platform/live/live.ts';
import type { ReadSession } from '../../platform/sessions.ts';
import { type ReadPending, requireFresh } from '../../platform/standing.ts';
import { endOtherSessions } from '../accounts/end-other-sessions.ts';

export interface GuardOptions {
  env: Env;
  db: Databases;
  live: () => Live;
  readSession: ReadSession;
  readPending: ReadPending;
}

/** What a waiting session may still ask of the sign-in library: to come in another way, or to leave. */
const OPEN =
  /^\/(sign-in|sign-up|sign-out|request-password-reset|reset-password|magic-link|verify-email|email-otp)(\/|$)/;
/** What asks for a fresh sign-in there. */
const FRESH = new Set(['/change-email', '/change-password']);

/**
 * Our rules for the sign-in library's own paths, as a plugin of it: a session that waits for its second factor is nobody's
 * there too, address and password change only after a fresh sign-in, and a changed password ends every other session.
 */
export function guardAuth({ env, db, live, readSession, readPending }: GuardOptions): BetterAuthPlugin {
  const cookieOf = (ctx: { headers?: Headers | undefined }) => ctx.headers?.get('cookie') ?? undefined;
  return {
    id: 'guard',
    hooks: {
      before: [
        {
          matcher: ({ path }) => !OPEN.test(path ?? ''),
          handler: createAuthMiddleware(async (ctx) => {
            if (await readPending(cookieOf(ctx))) throw refusal('UNAUTHORIZED', 'SECOND_FACTOR_REQUIRED');
            if (!FRESH.has(ctx.path)) return;
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
            for (const id of await endOtherSessions(db.auth.sql, actor.userId, actor.sessionId)) live().endSession(id);
          }),
        },
      ],
    },
  };
}

function refusal(status: 'UNAUTHORIZED' | 'FORBIDDEN', code: LiventixError['code']): APIError {
  return new APIError(status, { code, message: wordsFor(code) });
}
