import { wordsFor } from '@liventix/contracts/errors';
import type { Databases } from '@liventix/db/client';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Env } from '../../env.ts';
import { LiventixError } from '../../platform/errors.ts';
import type { ReadSession } from '../../platform/sessions.ts';
import { requireFresh } from '../../platform/standing.ts';

export interface GuardOptions {
  env: Env;
  db: Databases;
  readSession: ReadSession;
}

/**
 * Our rule for the sign-in library's own path, as a plugin of it: an address changes only after a fresh sign-in. (A session that waits
 * for its second factor has another cookie, and never comes here.)
 */
export function guardAuth({ env, db, readSession }: GuardOptions): BetterAuthPlugin {
  return {
    id: 'guard',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/change-email',
          handler: createAuthMiddleware(async (ctx) => {
            const actor = await readSession(ctx.headers?.get('cookie') ?? undefined);
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
    },
  };
}

function refusal(status: 'UNAUTHORIZED' | 'FORBIDDEN', code: LiventixError['code']): APIError {
  return new APIError(status, { code, message: wordsFor(code) });
}
