import { createHmac, randomBytes } from 'node:crypto';
import type { TestDatabase } from '@liventix/db/testing';
import type { Env } from '../env.ts';
import { hashPassword } from '../features/accounts/passwords.ts';
import { sessionCookieName } from '../platform/sessions.ts';

const PASSWORD = 'a-good-password';
let hashed: Promise<string> | undefined;

export interface PersonOptions {
  name: string;
  email: string;
  verified: boolean;
  role?: 'attendee' | 'organizer' | 'admin' | undefined;
}

/** An account with a password and one session, as signing up leaves it, without its mail and its hashing; the session's cookie. */
export async function insertPerson(
  admin: TestDatabase['admin'],
  env: Pick<Env, 'PUBLIC_URL' | 'LIVENTIX_SECRET'>,
  { name, email, verified, role = 'attendee' }: PersonOptions,
): Promise<{ userId: string; cookie: string }> {
  hashed ??= hashPassword(PASSWORD);
  const token = randomBytes(24).toString('base64url');
  const [person] = await admin<{ id: string }[]>`
    with person as (
      insert into auth.users (name, email, email_verified) values (${name}, ${email}, ${verified}) returning id
    ), password as (
      insert into auth.accounts (user_id, account_id, provider_id, password) select id, id::text, 'credential', ${await hashed} from person
    ), profile as (
      insert into public.profiles (id, email, display_name, role) select id, ${email}, ${name}, ${role} from person
    ), session as (
      insert into auth.sessions (user_id, token, expires_at, by_mailbox)
      select id, ${token}, clock_timestamp() + interval '60 days', true from person
    )
    select id from person`;
  const signed = `${token}.${createHmac('sha256', env.LIVENTIX_SECRET).update(token).digest('base64')}`;
  return { userId: person?.id ?? '', cookie: `${sessionCookieName(env.PUBLIC_URL)}=${encodeURIComponent(signed)}` };
}
