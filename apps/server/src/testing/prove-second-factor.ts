import type { TestDatabase } from '@liventix/db/testing';

/**
 * Gives a user a second factor that is proven in every session of hers right now: what an owner has who refunds, without the
 * screens. No app shows codes of it; tests of the second factor itself set one up as a person does.
 */
export async function proveSecondFactor(admin: TestDatabase['admin'], userId: string): Promise<void> {
  await admin`insert into auth.two_factors (user_id, secret, verified) values (${userId}, 'of a test', true)`;
  await admin`
    update auth.sessions set second_factor_at = clock_timestamp(), confirmed_at = clock_timestamp() where user_id = ${userId}`;
}
