import type { Me, UpdateProfile } from '@liventix/contracts/accounts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { updateOwnProfile } from './accounts.sql.ts';
import { readMe } from './read-me.ts';

/** Changes name, photo or settings of the caller, under her own rights: nothing else of her row is writable. */
export async function updateProfile(ctx: PersonCtx, input: UpdateProfile): Promise<Me> {
  const changed = await ctx.read((_tx, sql) => updateOwnProfile(sql, input));
  if (!changed) fail('SIGN_IN_REQUIRED'); // erased meanwhile
  return (await readMe(ctx)) ?? fail('SIGN_IN_REQUIRED');
}
