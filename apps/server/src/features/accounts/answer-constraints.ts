import { wordsFor } from '@liventix/contracts/errors';
import { constraintOf } from '@liventix/db/client';
import type { DBAdapterInstance } from 'better-auth';
import { APIError } from 'better-auth/api';

/**
 * The sign-in library looks and then writes, and lets through what the database says in between as a failure of ours. Here it
 * becomes an answer, for every way in: a mailbox that got its account in the same moment, an account that was deleted in it.
 */
export function answerConstraints(make: DBAdapterInstance): DBAdapterInstance {
  return (options) => {
    const adapter = make(options);
    const guarded: typeof adapter = {
      ...adapter,
      create: (data) => adapter.create<never, never>(data as never).catch(tell),
      update: (data) => adapter.update<never>(data).catch(tell),
      // The library works without transactions; what it runs in one goes through here too.
      transaction: (work) => work(guarded),
    };
    return guarded;
  };
}

function tell(error: unknown): never {
  const constraint = constraintOf(error);
  if (constraint === 'users_email_key')
    throw new APIError('UNPROCESSABLE_ENTITY', {
      code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
      message: 'There is an account with this address.',
    });
  if (constraint === 'sessions_user_id_fkey' || constraint === 'accounts_user_id_fkey')
    throw new APIError('UNAUTHORIZED', { code: 'SIGN_IN_REQUIRED', message: wordsFor('SIGN_IN_REQUIRED') });
  throw error;
}
