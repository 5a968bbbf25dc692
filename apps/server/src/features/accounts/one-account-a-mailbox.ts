import { constraintOf } from '@liventix/db/client';
import type { DBAdapterInstance } from 'better-auth';
import { APIError } from 'better-auth/api';

/**
 * The sign-in library looks whether a mailbox has an account and then writes: of two at once the second meets the database's
 * constraint, which the library would let through as a failure of ours. Here it becomes the library's own answer for an
 * address that has an account, for every way in.
 */
export function oneAccountAMailbox(make: DBAdapterInstance): DBAdapterInstance {
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
  if (constraintOf(error) !== 'users_email_key') throw error;
  throw new APIError('UNPROCESSABLE_ENTITY', {
    code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    message: 'There is an account with this address.',
  });
}
