import type { PasskeyView } from '@liventix/contracts/security';
import type postgres from 'postgres';

type Sql = postgres.ISql;

/** What a user has to prove who it is. */
export interface Means {
  email: string;
  /** The kept key of a confirmed authenticator app. */
  appKey: string | null;
  passwordHash: string | null;
  passkeys: number;
  codesLeft: number;
}

export async function findMeans(sql: Sql, userId: string): Promise<Means | null> {
  const [row] = await sql<Means[]>`
    select u.email,
           (select t.secret from auth.two_factors t where t.user_id = u.id and t.verified) as "appKey",
           (select a.password from auth.accounts a where a.user_id = u.id and a.provider_id = 'credential') as "passwordHash",
           (select count(*)::int from auth.passkeys p where p.user_id = u.id) as passkeys,
           (select count(*)::int from auth.recovery_codes c where c.user_id = u.id and c.used_at is null) as "codesLeft"
      from auth.users u where u.id = ${userId} and u.deleted_at is null`;
  return row ?? null;
}

/**
 * The mailbox chose a new password: a second factor that was set up in the last three days where there had been none goes. Whoever
 * knew nothing but the password could put one before the account, and its owner would be out for good; she is mailed when it is
 * added, and has these days. A factor of longer, or beside one of longer, stays.
 */
export async function dropYoungFactors(sql: Sql, userId: string): Promise<void> {
  await sql`
    with young as (
      select ${userId}::uuid as id where not exists (
        select from auth.two_factors where user_id = ${userId} and verified and created_at < clock_timestamp() - interval '3 days')
        and not exists (select from auth.passkeys where user_id = ${userId} and created_at < clock_timestamp() - interval '3 days')
    ), apps as (
      delete from auth.two_factors f using young y where f.user_id = y.id
    )
    delete from auth.passkeys k using young y where k.user_id = y.id`;
  await dropCodesOfNothing(sql, userId);
}

/** Whether the session is there, and stays until this transaction ends: whoever ends it waits. */
export async function holdSession(sql: Sql, sessionId: string): Promise<boolean> {
  const [row] = await sql`select from auth.sessions where id = ${sessionId} for share`;
  return row !== undefined;
}

/** Whether the account is there and was not deleted. */
export async function isLiving(sql: Sql, userId: string): Promise<boolean> {
  const [row] = await sql`select from auth.users where id = ${userId} and deleted_at is null`;
  return row !== undefined;
}

/**
 * Counts a try before it is judged, so that many at once are as slow as one after the other; every fifth wrong one in a row
 * locks the user's proofs for 15 minutes, then 30, up to a day. Null: the try may be judged. Else the seconds to wait.
 */
export async function takeTry(sql: Sql, userId: string): Promise<number | null> {
  const taken = await sql`
    insert into auth.proof_tries as t (user_id, failed) values (${userId}, 1)
    on conflict (user_id) do update
      set failed = t.failed + 1,
          locked_until = case when (t.failed + 1) % 5 = 0
            then clock_timestamp() + least(interval '15 minutes' * power(2, least((t.failed + 1) / 5 - 1, 10)), interval '1 day') end
      where t.locked_until is null or t.locked_until <= clock_timestamp()
    returning 1`;
  if (taken.length > 0) return null;
  const [row] = await sql<{ seconds: number }[]>`
    select greatest(1, ceil(extract(epoch from locked_until - clock_timestamp())))::int as seconds
      from auth.proof_tries where user_id = ${userId}`;
  return row?.seconds ?? 1;
}

/** A proof was right: wrong ones count from the start. */
export async function forgiveTries(sql: Sql, userId: string): Promise<void> {
  await sql`update auth.proof_tries set failed = 0, locked_until = null where user_id = ${userId}`;
}

/** Takes the code of a step of this key; false when a code of that step or of a later one was taken before, by whomever. */
export async function takeAppStep(sql: Sql, userId: string, kept: string, step: number): Promise<boolean> {
  const taken = await sql`
    update auth.two_factors set last_step = ${step}
     where user_id = ${userId} and secret = ${kept} and (last_step is null or last_step < ${step})
    returning 1`;
  return taken.length > 0;
}

/** Takes a recovery code; false when it is none of this user's, or was used. */
export async function takeRecoveryCode(sql: Sql, userId: string, kept: Buffer): Promise<boolean> {
  const taken = await sql`
    update auth.recovery_codes set used_at = clock_timestamp()
     where user_id = ${userId} and code_hmac = ${kept} and used_at is null returning 1`;
  return taken.length > 0;
}

/** The user proved who it is, in this session; with `secondFactor` by something beside the password. Null when it has ended. */
export async function confirmSession(
  sql: Sql,
  sessionId: string,
  secondFactor: boolean,
): Promise<{ byMailbox: boolean } | null> {
  const [row] = await sql<{ byMailbox: boolean }[]>`
    update auth.sessions
       set confirmed_at = clock_timestamp(),
           second_factor_at = case when ${secondFactor}::boolean then clock_timestamp() else second_factor_at end
     where id = ${sessionId} returning by_mailbox as "byMailbox"`;
  return row ?? null;
}

/** The second factor was proven by setting one up, in this session. */
export async function markSecondFactor(sql: Sql, sessionId: string): Promise<void> {
  await sql`update auth.sessions set second_factor_at = clock_timestamp() where id = ${sessionId}`;
}

/** Keeps the key of an authenticator app that is not confirmed yet; a confirmed one stays. */
export async function writeAppKey(sql: Sql, userId: string, kept: string): Promise<boolean> {
  const written = await sql`
    insert into auth.two_factors as t (user_id, secret) values (${userId}, ${kept})
    on conflict (user_id) do update set secret = excluded.secret, created_at = clock_timestamp(), last_step = null where not t.verified
    returning 1`;
  return written.length > 0;
}

/** The key that waits to be confirmed; it waits for an hour. */
export async function findNewAppKey(sql: Sql, userId: string): Promise<string | null> {
  const [row] = await sql<{ secret: string }[]>`
    select secret from auth.two_factors
     where user_id = ${userId} and not verified and created_at > clock_timestamp() - interval '1 hour'`;
  return row?.secret ?? null;
}

/** Confirms exactly the key whose code was checked. */
export async function verifyAppKey(sql: Sql, userId: string, kept: string): Promise<boolean> {
  const rows = await sql`
    update auth.two_factors set verified = true where user_id = ${userId} and secret = ${kept} and not verified returning 1`;
  return rows.length > 0;
}

export async function deleteAppKey(sql: Sql, userId: string): Promise<void> {
  await sql`delete from auth.two_factors where user_id = ${userId}`;
}

export async function listPasskeys(sql: Sql, userId: string): Promise<PasskeyView[]> {
  const rows = await sql<{ id: string; name: string; createdAt: string; usedAt: string | null }[]>`
    select id, name, created_at as "createdAt", used_at as "usedAt" from auth.passkeys
     where user_id = ${userId} order by created_at, id`;
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    usedAt: row.usedAt === null ? null : new Date(row.usedAt),
  }));
}

export interface KeptPasskey {
  id: string;
  credential_id: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
}

export async function findPasskeys(sql: Sql, userId: string): Promise<KeptPasskey[]> {
  return sql<KeptPasskey[]>`
    select id, credential_id, public_key, counter, transports from auth.passkeys where user_id = ${userId} order by created_at`;
}

/** Keeps a passkey; false when some user has it, or this one has twenty. */
export async function insertPasskey(
  sql: Sql,
  userId: string,
  passkey: { name: string; credentialId: string; publicKey: Buffer; counter: number; transports: string[] },
): Promise<boolean> {
  const rows = await sql`
    insert into auth.passkeys (user_id, name, credential_id, public_key, counter, transports)
    select ${userId}, ${passkey.name}, ${passkey.credentialId}, ${passkey.publicKey}, ${passkey.counter}, ${passkey.transports}::text[]
     where (select count(*) from auth.passkeys where user_id = ${userId}) < 20
    on conflict (credential_id) do nothing returning 1`;
  return rows.length > 0;
}

/** Moves a passkey's counter on; false when another proof moved it further in the meantime. */
export async function notePasskeyUse(sql: Sql, passkeyId: string, from: string, to: number): Promise<boolean> {
  const rows = await sql`
    update auth.passkeys set counter = ${to}, used_at = clock_timestamp() where id = ${passkeyId} and counter = ${from} returning 1`;
  return rows.length > 0;
}

export async function renamePasskey(sql: Sql, userId: string, passkeyId: string, name: string): Promise<boolean> {
  const rows =
    await sql`update auth.passkeys set name = ${name} where id = ${passkeyId} and user_id = ${userId} returning 1`;
  return rows.length > 0;
}

export async function deletePasskey(sql: Sql, userId: string, passkeyId: string): Promise<boolean> {
  const rows = await sql`delete from auth.passkeys where id = ${passkeyId} and user_id = ${userId} returning 1`;
  return rows.length > 0;
}

export type Ceremony = 'register' | 'prove';

/** Remembers what this session's browser has to sign; an earlier one is void. False when the session has ended. */
export async function writeChallenge(
  sql: Sql,
  sessionId: string,
  ceremony: Ceremony,
  challenge: string,
): Promise<boolean> {
  // The session stays until this is written: without it there is nothing to write for.
  const rows = await sql`
    insert into auth.passkey_challenges (session_id, ceremony, challenge)
    select id, ${ceremony}, ${challenge} from auth.sessions where id = ${sessionId} for key share
    on conflict (session_id) do update
      set ceremony = excluded.ceremony, challenge = excluded.challenge, expires_at = excluded.expires_at
    returning 1`;
  return rows.length > 0;
}

/** Takes it: a challenge is answered once, right or wrong. */
export async function takeChallenge(sql: Sql, sessionId: string, ceremony: Ceremony): Promise<string | null> {
  const [row] = await sql<{ challenge: string; ceremony: Ceremony; good: boolean }[]>`
    delete from auth.passkey_challenges where session_id = ${sessionId}
    returning challenge, ceremony, expires_at > clock_timestamp() as good`;
  return row?.good && row.ceremony === ceremony ? row.challenge : null;
}

/** New recovery codes instead of all earlier ones. */
export async function replaceCodes(sql: Sql, userId: string, kept: Buffer[]): Promise<void> {
  await sql`delete from auth.recovery_codes where user_id = ${userId}`;
  for (const code of kept) await sql`insert into auth.recovery_codes (user_id, code_hmac) values (${userId}, ${code})`;
}

/** Locks the user's row against another change of the second factor; says whether there is one and whether codes are there. */
export async function lockFactors(sql: Sql, userId: string): Promise<{ has: boolean; codes: boolean }> {
  const [row] = await sql<{ has: boolean }[]>`
    select two_factor_enabled as has from auth.users where id = ${userId} for no key update`;
  const codes = await sql`select from auth.recovery_codes where user_id = ${userId} limit 1`;
  return { has: row?.has ?? false, codes: codes.length > 0 };
}

/** Recovery codes mean nothing without a second factor: they go with the last one. */
export async function dropCodesOfNothing(sql: Sql, userId: string): Promise<void> {
  await sql`
    delete from auth.recovery_codes c using auth.users u
     where c.user_id = ${userId} and u.id = c.user_id and not u.two_factor_enabled`;
}

/** Everything of a user's second factor and every session: for the operator. */
export async function eraseFactors(sql: Sql, email: string): Promise<{ userId: string; had: boolean } | null> {
  const [user] = await sql<{ id: string; had: boolean }[]>`
    select id, two_factor_enabled as had from auth.users where email = ${email} and deleted_at is null for no key update`;
  if (!user) return null;
  await sql`delete from auth.two_factors where user_id = ${user.id}`;
  await sql`delete from auth.passkeys where user_id = ${user.id}`;
  await sql`delete from auth.recovery_codes where user_id = ${user.id}`;
  await sql`delete from auth.proof_tries where user_id = ${user.id}`;
  await sql`delete from auth.sessions where user_id = ${user.id}`;
  return { userId: user.id, had: user.had };
}
