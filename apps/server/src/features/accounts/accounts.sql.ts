import { createHash } from 'node:crypto';
import { constraintOf, type Databases, sqlState } from '@liventix/db/client';
import type postgres from 'postgres';

type Sql = postgres.ISql;

/** A profile per person, made once; what she changed herself stays. */
export async function ensureProfile(sql: Sql, person: { id: string; email: string; name: string }): Promise<void> {
  await sql`
    insert into public.profiles (id, email, display_name)
    values (${person.id}, ${person.email}, left(${person.name}, 80))
    on conflict (id) do nothing`;
}

/** The profile of a living account is there, and has its address. */
export async function followAccount(sql: Sql, userId: string): Promise<void> {
  await sql`
    insert into public.profiles (id, email, display_name)
    select id, email, left(name, 80) from auth.users where id = ${userId} and deleted_at is null
    on conflict (id) do nothing`;
  // Only where it differs: a sign-in waits for nobody who has the profile.
  await sql`
    update public.profiles p set email = u.email from auth.users u
     where u.id = ${userId} and p.id = u.id and p.email <> u.email and p.deleted_at is null`;
}

/** What a mailed link does to the address of the account that opens it. */
export interface MovingAddress {
  userId: string;
  /** The session that opens it: the others may end. */
  sessionId: string;
  /** The account's address when the link was mailed. */
  email: string;
  /** Null: the present address is proven. */
  newEmail: string | null;
}

/**
 * Proves an account's address or changes it, and ends the other sessions with it, when they are from before the first proof or from
 * the time of the former address. Answers which. Null: the account has another address by now, or the session has ended.
 */
export async function moveAddress(auth: Databases['auth'], moving: MovingAddress): Promise<string[] | null> {
  const { userId, sessionId, email, newEmail } = moving;
  return auth.transaction(async (_tx, sql) => {
    const [user] = await sql<{ proven: boolean }[]>`
      select email_verified as proven from auth.users
       where id = ${userId} and email = ${email} and deleted_at is null for update`;
    if (!user || !(await noteMailbox(sql, sessionId))) return null;
    await sql`
      update auth.users set email = ${newEmail ?? email}, email_verified = email_verified or ${newEmail === null}
       where id = ${userId}`;
    return newEmail === null && user.proven ? [] : endOtherSessions(sql, userId, sessionId);
  });
}

/**
 * Remembers that a guest's things belong to an account, before the sign-in that says so was judged: the move counts once
 * that session stands (`agreeMoves`), and goes with it. One that was agreed to earlier stays agreed.
 */
export async function rememberMove(sql: Sql, move: { from: string; to: string; sessionId: string }): Promise<void> {
  try {
    await sql`
      insert into auth.pending_moves as m (from_user_id, to_user_id, session_id)
      values (${move.from}, ${move.to}, ${move.sessionId})
      on conflict (from_user_id) do update
        set to_user_id = excluded.to_user_id, done_at = null,
            session_id = case when m.to_user_id = excluded.to_user_id and m.session_id is null and m.done_at is null then null
                              else excluded.session_id end`;
  } catch (error) {
    // A session that has ended in this moment, or whose account has gone, brings nothing. (A lock on it would stand before the one
    // on its account.)
    if (!/^pending_moves_\w+_fkey$/.test(constraintOf(error) ?? '')) throw error;
  }
}

/** The same for a guest who is younger than the session: this browser became her while the session waited for its second factor. */
export async function rememberGuestSince(sql: Sql, guestId: string, sessionId: string): Promise<void> {
  await sql`
    insert into auth.pending_moves (from_user_id, to_user_id, session_id)
    select g.id, s.user_id, s.id from auth.sessions s join auth.users g on g.id = ${guestId}
     where s.id = ${sessionId} and g.is_anonymous and g.created_at > s.created_at
    on conflict (from_user_id) do nothing`;
}

/** The sign-in of this session stands: what it brings may move. Answers whose things that are. */
export async function agreeMoves(sql: Sql, sessionId: string): Promise<string[]> {
  const rows = await sql<{ from_user_id: string }[]>`
    update auth.pending_moves set session_id = null where session_id = ${sessionId} returning from_user_id`;
  return rows.map((row) => row.from_user_id);
}

/** Guests whose move to this account was agreed to and is not done. */
export async function findPendingMoves(sql: Sql, to: string): Promise<string[]> {
  const rows = await sql<{ from_user_id: string }[]>`
    select from_user_id from auth.pending_moves
     where to_user_id = ${to} and session_id is null and done_at is null order by created_at`;
  return rows.map((row) => row.from_user_id);
}

export interface MovedThings {
  /** Who had them. */
  from: string;
  orders: { id: string; event_id: string; checkout_id: string }[];
  checkouts: string[];
  events: string[];
}

/**
 * A person has one running checkout per event. Where the account took places meanwhile the guest's go back: called with
 * the guest's orders, tiers and holds locked, it takes the person's keys as taking places does, so that nothing new comes
 * between the look and the commit.
 */
async function releaseSecondCheckouts(sql: Sql, from: string, to: string, checkouts: string[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(s.key) from (
      select distinct ticketing.person_key(event_id, ${to}) as key from ticketing.ticket_holds
       where checkout_id = any(${checkouts}::uuid[]) and user_id = ${from} and status = 'active' order by 1) s`;
  await sql`
    select ticketing.release_checkout(s.checkout_id, ${from}, 'replaced') from (
      select distinct h.checkout_id from ticketing.ticket_holds h
       where h.checkout_id = any(${checkouts}::uuid[]) and h.user_id = ${from} and h.status = 'active'
         and exists (select from ticketing.ticket_holds other
                      where other.user_id = ${to} and other.event_id = h.event_id and other.checkout_id <> h.checkout_id
                        and other.status = 'active' and other.expires_at > clock_timestamp())
       order by 1) s`;
}

/** Running checkouts of the account for events where the guest has one too, and whose payment is not under way. */
export async function findOlderCheckouts(sql: Sql, from: string, to: string): Promise<string[]> {
  const rows = await sql<{ checkout_id: string }[]>`
    select distinct h.checkout_id from ticketing.ticket_holds h
     where h.user_id = ${to} and h.status = 'active'
       and exists (select from ticketing.ticket_holds mine where mine.user_id = ${from} and mine.event_id = h.event_id
                    and mine.status = 'active' and mine.expires_at > clock_timestamp())
       and not exists (select from ticketing.orders o where o.checkout_id = h.checkout_id and o.payment_state in ('processing', 'succeeded'))`;
  return rows.map((row) => row.checkout_id);
}

/** Gives the places of one of this person's checkouts back, because another one takes its place. */
export async function replaceCheckout(sql: Sql, checkoutId: string, userId: string): Promise<void> {
  await sql`select ticketing.release_checkout(${checkoutId}, ${userId}, 'replaced')`;
}

/** An order that they are making at this moment is seen, or waits: `create_order` takes the same lock. */
async function lockBuyers(sql: Sql, userIds: readonly string[]): Promise<void> {
  await sql`select id from public.profiles where id = any(${[...userIds]}::uuid[]) order by id for no key update`;
}

/**
 * Everything a guest has becomes the account's, in one transaction, in the lock order of the domain: orders, the tiers
 * of her holds, holds, tickets, each by id; then what nobody locks. What became hers after its step of that order (a hold
 * or order made this instant, another move) stays with her, because taking its lock now could end in a deadlock:
 * `isWhole` is false then, and the caller repeats. Repeating moves nothing twice.
 */
export async function moveEverything(sql: Sql, from: string, to: string): Promise<MovedThings & { isWhole: boolean }> {
  await lockBuyers(sql, [from]);
  // With what she got by her mailbox alone from this very guest: it turns out to be her own order.
  const locked = await sql<(MovedThings['orders'][number] & { user_id: string })[]>`
    select id, event_id, checkout_id, user_id from ticketing.orders
     where user_id = ${from} or user_id = ${to} and claimed_from = ${from}
     order by id for update`;
  const orders = locked.filter((order) => order.user_id === from);
  const claimed = locked.filter((order) => order.user_id === to).map((order) => order.id);
  if (claimed.length > 0) await sql`update ticketing.orders set claimed_from = null where id = any(${claimed}::uuid[])`;
  const orderIds = orders.map((order) => order.id);
  // Whoever locks a hold has locked its tier: an operation that has the tier and wants the hold would wait for us else.
  const tiers = await sql<{ id: string }[]>`
    select id from ticketing.ticket_tiers
     where id in (select tier_id from ticketing.ticket_holds where user_id = ${from})
     order by id for no key update`;
  const holds = await sql<{ id: string; checkout_id: string; event_id: string }[]>`
    select h.id, h.checkout_id, h.event_id from ticketing.ticket_holds h
     where h.user_id = ${from} and h.checkout_id not in (
       select strange.checkout_id from ticketing.ticket_holds strange
         left join ticketing.orders o on o.checkout_id = strange.checkout_id
        where strange.user_id = ${from}
          and (strange.tier_id <> all(${tiers.map((tier) => tier.id)}::uuid[]) or o.id is not null and o.id <> all(${orderIds}::uuid[])))
     order by h.id for update of h`;
  const holdIds = holds.map((hold) => hold.id);
  await releaseSecondCheckouts(
    sql,
    from,
    to,
    holds.map((hold) => hold.checkout_id),
  );
  const tickets = await sql<{ id: string }[]>`
    select id from ticketing.tickets where owner_user_id = ${from} order by id for no key update`;
  if (orders.length > 0) await sql`update ticketing.orders set user_id = ${to} where id = any(${orderIds}::uuid[])`;
  if (holds.length > 0) await sql`update ticketing.ticket_holds set user_id = ${to} where id = any(${holdIds}::uuid[])`;
  if (tickets.length > 0) {
    await sql`update ticketing.tickets set owner_user_id = ${to} where id = any(${tickets.map((ticket) => ticket.id)}::uuid[])`;
    await sql`
      insert into ticketing.ticket_events (ticket_id, kind, from_user_id, to_user_id, actor_user_id)
      select id, 'moved', ${from}, ${to}, ${to} from unnest(${tickets.map((ticket) => ticket.id)}::uuid[]) id`;
  }
  await sql`update ticketing.hold_lapses set user_id = ${to} where user_id = ${from}`;
  await sql`
    with gone as (delete from events.saved_events where user_id = ${from} returning event_id, created_at)
    insert into events.saved_events (user_id, event_id, created_at) select ${to}, event_id, created_at from gone
    on conflict do nothing`;
  await sql`
    delete from events.event_alerts a where a.user_id = ${from}
       and exists (select from events.event_alerts b where b.user_id = ${to} and b.event_id = a.event_id and b.kind = a.kind)`;
  await sql`update events.event_alerts set user_id = ${to} where user_id = ${from}`;
  await sql`
    with gone as (delete from social.follows where user_id = ${from} returning target_type, target_id, created_at)
    insert into social.follows (user_id, target_type, target_id, created_at)
    select ${to}, target_type, target_id, created_at from gone
    on conflict do nothing`;
  await sql`update analytics.user_actions set user_id = ${to} where user_id = ${from}`;
  const [left] = await sql<{ some: boolean }[]>`
    select exists (select from ticketing.ticket_holds where user_id = ${from})
        or exists (select from ticketing.orders where user_id = ${from}) as some`;
  const isWhole = left?.some === false;
  if (isWhole)
    await sql`update auth.pending_moves set done_at = clock_timestamp() where from_user_id = ${from} and to_user_id = ${to}`;
  return {
    isWhole,
    from,
    orders: [...orders],
    checkouts: [...new Set([...holds, ...orders].map((row) => row.checkout_id))],
    events: [...new Set([...holds, ...orders].map((row) => row.event_id))],
  };
}

/**
 * Silent guests who ordered with this very address: their orders belong to whoever proves it (docs/domain.md, "Access").
 * The spelling that limits compare is no proof: `bob+x@corp.test` may be another person than `bob@corp.test`.
 */
export async function findGuestsByMailbox(sql: Sql, email: string): Promise<string[]> {
  const rows = await sql<{ user_id: string }[]>`
    select distinct o.user_id from ticketing.orders o
      join auth.users u on u.id = o.user_id
     where lower(o.mailbox) = lower(${email}) and u.is_anonymous`;
  return rows.map((row) => row.user_id);
}

/**
 * Paid orders of one mailbox that guests made, and their tickets and holds; of all of them in the order of locks of the domain. Only
 * that mailbox's: a guest may have used another one elsewhere, which is not proven by this. What is not paid stays whose it is:
 * a stranger's checkout with this mailbox must not become the person's, who would have to give it back.
 */
export async function moveOrdersOfMailbox(
  sql: Sql,
  guests: readonly string[],
  to: string,
  email: string,
): Promise<MovedThings[]> {
  await lockBuyers(sql, guests);
  const orders = await sql<(MovedThings['orders'][number] & { user_id: string })[]>`
    select id, event_id, checkout_id, user_id from ticketing.orders
     where user_id = any(${[...guests]}::uuid[]) and lower(mailbox) = lower(${email})
       and (status in ('paid', 'refunded') or status = 'cancelled' and captured_cents > 0)
       -- A stranger's free tickets beyond what may be mailed would hide her own.
       and not (total_cents = 0 and mail_withheld)
     order by id for update`;
  if (orders.length === 0) return [];
  const ids = orders.map((order) => order.id);
  const checkouts = orders.map((order) => order.checkout_id);
  await sql`
    select id from ticketing.ticket_tiers
     where id in (select tier_id from ticketing.ticket_holds where checkout_id = any(${checkouts}::uuid[]))
     order by id for no key update`;
  const holds = await sql<{ id: string }[]>`
    select id from ticketing.ticket_holds
     where checkout_id = any(${checkouts}::uuid[]) and user_id = any(${[...guests]}::uuid[]) order by id for update`;
  const tickets = await sql<{ id: string }[]>`
    select id from ticketing.tickets
     where order_id = any(${ids}::uuid[]) and owner_user_id = any(${[...guests]}::uuid[]) order by id for no key update`;
  await sql`update ticketing.orders set user_id = ${to}, claimed_from = user_id where id = any(${ids}::uuid[])`;
  await sql`update ticketing.ticket_holds set user_id = ${to} where id = any(${holds.map((hold) => hold.id)}::uuid[])`;
  const ticketIds = tickets.map((ticket) => ticket.id);
  await sql`
    insert into ticketing.ticket_events (ticket_id, kind, from_user_id, to_user_id, actor_user_id)
    select id, 'moved', owner_user_id, ${to}, ${to} from ticketing.tickets where id = any(${ticketIds}::uuid[])`;
  await sql`update ticketing.tickets set owner_user_id = ${to} where id = any(${ticketIds}::uuid[])`;
  return [...new Set(orders.map((order) => order.user_id))].map((from) => {
    const own = orders.filter((order) => order.user_id === from);
    return {
      from,
      orders: own,
      checkouts: own.map((order) => order.checkout_id),
      events: [...new Set(own.map((order) => order.event_id))],
    };
  });
}

/**
 * A mailbox was confirmed: free tickets that were ordered to it count against nobody's network any more (docs/domain.md,
 * "Hoarding"). Holds that somebody works on at this moment are passed over; they count for ten minutes at most.
 */
export async function freeAddressOf(sql: Sql, email: string): Promise<void> {
  await sql`
    update ticketing.ticket_holds set address_key = null where id in (
      select h.id from ticketing.ticket_holds h join ticketing.orders o on o.checkout_id = h.checkout_id
       where lower(o.mailbox) = lower(${email}) and h.status = 'converted' and h.unit_total_cents = 0
         and h.address_key is not null and h.ended_at > clock_timestamp() - interval '1 hour'
       order by h.id for update of h skip locked)`;
}

/** The address that an account has confirmed, or null. */
export async function findConfirmedAddress(sql: Sql, userId: string): Promise<string | null> {
  const [row] = await sql<{ email: string }[]>`
    select email from auth.users where id = ${userId} and email_verified and not coalesce(is_anonymous, false)`;
  return row?.email ?? null;
}

/** The mailbox that a mailed sign-in link stands for, by the hash of its token. The library's own table. */
export async function findSignInLink(sql: Sql, hash: string): Promise<{ email: string } | null> {
  const [row] = await sql<{ email: string | null }[]>`
    select value::json ->> 'email' as email from auth.verifications
     where identifier = ${`magic-link:${hash}`} and expires_at > clock_timestamp()`;
  return row?.email ? { email: row.email } : null;
}

/**
 * How the sign-in library's key of a mailed link to choose a new password is kept. Not under the library's own prefix: it also
 * looks for keys as they are, so whoever read the table could hand a kept one in as a token.
 */
export function keepResetKey(key: string): string {
  return `reset:${createHash('sha256').update(key).digest('base64url')}`;
}
const keptResetLink = (token: string) => keepResetKey(`reset-password:${token}`);

/** Whether a mailed link to choose a new password still works. The library's own table. */
export async function isResetLink(sql: Sql, token: string): Promise<boolean> {
  const rows = await sql`
    select 1 from auth.verifications where identifier = ${keptResetLink(token)} and expires_at > clock_timestamp()`;
  return rows.length > 0;
}

/**
 * Makes a link the only one of its account, so that of several at once one chooses the password, and ends the account's sessions.
 * Answers which. Null when it is void by then.
 */
export async function claimResetLink(auth: Databases['auth'], token: string): Promise<string[] | null> {
  const kept = keptResetLink(token);
  return auth.transaction(async (_tx, sql) => {
    const [user] = await sql<{ id: string }[]>`
      select u.id from auth.users u join auth.verifications v on v.value = u.id::text where v.identifier = ${kept} for update of u`;
    if (!user) return null;
    const [still] = await sql`
      select 1 from auth.verifications where identifier = ${kept} and expires_at > clock_timestamp()`;
    if (!still) return null;
    await sql`delete from auth.verifications where identifier like 'reset:%' and value = ${user.id} and identifier <> ${kept}`;
    return endSessions(sql, user.id);
  });
}

/** What somebody can sign in to an account with at this moment. */
export interface Standing {
  /** Whose account it is; null where there is none. */
  userId: string | null;
  /** Changes with each new password; empty until the address is proven: whoever registers another's mailbox earns nothing. */
  stamp: string;
  passwordHash: string | null;
}

export async function readStanding(sql: Sql, email: string): Promise<Standing> {
  const [row] = await sql<{ id: string; proven: boolean; password: string | null }[]>`
    select u.id, u.email_verified as proven, a.password from auth.users u
      left join auth.accounts a on a.user_id = u.id and a.provider_id = 'credential'
     where u.email = lower(${email}) and u.deleted_at is null`;
  if (!row) return { userId: null, stamp: '', passwordHash: null };
  return { userId: row.id, stamp: row.proven ? `${row.id} ${row.password ?? ''}` : '', passwordHash: row.password };
}

/** A session that was written a moment ago. */
export interface WrittenSession {
  sessionId: string;
  userId: string;
  /** It is nobody's until a second factor was proven. */
  waits: boolean;
}

export async function findWrittenSession(sql: Sql, token: string): Promise<WrittenSession | null> {
  const [row] = await sql<WrittenSession[]>`
    select s.id as "sessionId", s.user_id as "userId", u.two_factor_enabled and s.second_factor_at is null as waits
      from auth.sessions s join auth.users u on u.id = s.user_id where s.token = ${token}`;
  return row ?? null;
}

/** What a mailed link about an account's address is sealed with; with `moves` also by every change of the account itself. */
export async function readSeal(sql: Sql, userId: string, moves: boolean): Promise<string> {
  const [row] = await sql<{ changed: string; password: string | null }[]>`
    select extract(epoch from u.updated_at)::text as changed, a.password from auth.users u
      left join auth.accounts a on a.user_id = u.id and a.provider_id = 'credential'
     where u.id::text = ${userId} and u.deleted_at is null`;
  return row ? `${row.password ?? ''} ${moves && row.changed}` : '';
}

/** Voids what was mailed to choose a new password. */
export async function endResetLinks(sql: Sql, userId: string): Promise<void> {
  await sql`delete from auth.verifications where identifier like 'reset:%' and value = ${userId}`;
}

/** Comes before several sessions of an account end: whoever changes its second factor has this lock, and ends them too. */
export async function lockUser(sql: Sql, userId: string): Promise<void> {
  await sql`select from auth.users where id = ${userId} for no key update`;
}

/** The hash of an account's password; null where it has none. */
export async function findPasswordHash(sql: Sql, userId: string): Promise<string | null> {
  const [row] = await sql<{ password: string | null }[]>`
    select password from auth.accounts where user_id = ${userId} and provider_id = 'credential'`;
  return row?.password ?? null;
}

/** Writes a password over another one and ends every other session. Answers which. Null: either is not there any more. */
export async function replacePassword(
  auth: Databases['auth'],
  { userId, sessionId, from, to }: { userId: string; sessionId: string; from: string; to: string },
): Promise<string[] | null> {
  return auth.transaction(async (_tx, sql) => {
    await lockUser(sql, userId);
    const [session] = await sql`select from auth.sessions where id = ${sessionId}`;
    if (!session) return null;
    const rows = await sql`
      update auth.accounts set password = ${to}, updated_at = clock_timestamp()
       where user_id = ${userId} and provider_id = 'credential' and password = ${from} returning 1`;
    return rows.length === 0 ? null : endOtherSessions(sql, userId, sessionId);
  });
}

/** The database's time, for what is kept outside of it. */
export async function readNow(sql: Sql): Promise<string> {
  const [row] = await sql<{ now: string }[]>`select clock_timestamp()::text as now`;
  return row?.now ?? '';
}

/**
 * Gives a proven account the name and password that were typed to sign up within the last half hour, where it has none of its own. Not
 * to an account from before that: whoever can read its mailbox, or used this browser, would choose the password of somebody else.
 */
export async function finishSignUp(
  db: Pick<Databases, 'auth' | 'engine'>,
  { email, name, passwordHash, at }: { email: string; name: string; passwordHash: string; at: string },
): Promise<void> {
  const [person] = await db.auth.sql<{ id: string }[]>`
    with person as (
      update auth.users set name = case when name = '' then ${name} else name end
       where email = ${email} and email_verified and not two_factor_enabled and deleted_at is null
         and created_at >= ${at} and ${at}::timestamptz > clock_timestamp() - interval '30 minutes'
      returning id
    ), password as (
      insert into auth.accounts (user_id, account_id, provider_id, password)
      select id, id::text, 'credential', ${passwordHash} from person on conflict (provider_id, account_id) do nothing
    )
    select id from person`;
  if (person)
    await db.engine
      .sql`update public.profiles set display_name = ${name} where id = ${person.id} and display_name = ''`;
}

/** The session was signed in by its account's mailbox, or has proven it. False when it has ended. */
export async function noteMailbox(sql: Sql, sessionId: string): Promise<boolean> {
  const rows = await sql`update auth.sessions set by_mailbox = true where id = ${sessionId} returning id`;
  return rows.length === 1;
}

/** Ends the session of a token that was given a moment ago. */
export async function endSessionOf(sql: Sql, token: string): Promise<void> {
  await sql`delete from auth.sessions where token = ${token}`;
}

/** Whether an account other than this person's has an address. */
export async function isAddressTaken(sql: Sql, email: string, userId: string): Promise<boolean> {
  const rows = await sql`select from auth.users where email = lower(${email}) and id <> ${userId}`;
  return rows.length > 0;
}

/** Ends all sessions of a person but the one that acts. Answers which. */
export async function endOtherSessions(sql: Sql, userId: string, kept: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    delete from auth.sessions where user_id = ${userId} and id <> ${kept} returning id`;
  return rows.map((row) => row.id);
}

/**
 * Ends the oldest sessions of a person beyond so many; those that wait for a second factor are counted for themselves, so that
 * whoever has the password alone puts nobody out. Answers which.
 */
export async function endOldestSessions(sql: Sql, userId: string, most: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    delete from auth.sessions where id in (
      select id from (
        select s.id, row_number() over (
                 partition by u.two_factor_enabled and s.second_factor_at is null order by s.created_at desc, s.id desc) as place
          from auth.sessions s join auth.users u on u.id = s.user_id where s.user_id = ${userId}) counted
       where place > ${most})
    returning id`;
  return rows.map((row) => row.id);
}

/** Ends every session of a person; the live feed closes their sockets on every node. */
export async function endSessions(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`delete from auth.sessions where user_id = ${userId} returning id`;
  return rows.map((row) => row.id);
}

export interface SessionRow {
  id: string;
  user_agent: string | null;
  created_at: Date;
  expires_at: Date;
}

/** The newest hundred, the asking one among them. */
export async function listSessions(sql: Sql, userId: string, current: string): Promise<SessionRow[]> {
  const rows = await sql<{ id: string; user_agent: string | null; created_at: string; expires_at: string }[]>`
    select id, user_agent, created_at, expires_at from auth.sessions
     where user_id = ${userId} and expires_at > clock_timestamp() order by id = ${current} desc, created_at desc limit 100`;
  return rows.map((row) => ({ ...row, created_at: new Date(row.created_at), expires_at: new Date(row.expires_at) }));
}

/** Ends one session of this person; false when it is not hers or gone. */
export async function endSession(sql: Sql, userId: string, sessionId: string): Promise<boolean> {
  const rows = await sql`delete from auth.sessions where id = ${sessionId} and user_id = ${userId} returning id`;
  return rows.length === 1;
}

export interface ProfileRow {
  id: string;
  email: string;
  display_name: string;
  photo_url: string | null;
  role: 'attendee' | 'organizer' | 'admin';
  settings: Record<string, unknown>;
}

/** The caller's own profile, under her own rights. */
export async function findOwnProfile(sql: Sql): Promise<ProfileRow | null> {
  const [row] = await sql<ProfileRow[]>`
    select id, email, display_name, photo_url, role, settings from public.profiles where id = auth.uid()`;
  return row ?? null;
}

export interface ProfileChange {
  displayName?: string | undefined;
  photoUrl?: string | null | undefined;
  settings?: Record<string, unknown> | undefined;
}

/** Changes the caller's own profile, under her own rights; settings are merged key by key. */
export async function updateOwnProfile(sql: Sql, change: ProfileChange): Promise<ProfileRow | null> {
  const [row] = await sql<ProfileRow[]>`
    update public.profiles
       set display_name = coalesce(${change.displayName ?? null}::text, display_name),
           photo_url = case when ${change.photoUrl !== undefined}::boolean then ${change.photoUrl ?? null}::text else photo_url end,
           settings = settings || ${JSON.stringify(change.settings ?? {})}::text::jsonb
     where id = auth.uid() and deleted_at is null
    returning id, email, display_name, photo_url, role, settings`;
  return row ?? null;
}

/** Whether the sign-in library keeps a password for this person. */
export async function hasPassword(sql: Sql, userId: string): Promise<boolean> {
  const rows =
    await sql`select from auth.accounts where user_id = ${userId} and provider_id = 'credential' and password is not null`;
  return rows.length > 0;
}

/**
 * What would be left without anybody in charge: organizations without another owner, and the person's own events that can
 * still take money or owe some. Locks what it decides on, for the transaction that erases her: the owners of each
 * organization she is in, so that two of them cannot leave at once nor one make her an owner and go, and her profile, which
 * `events.require_living_host` reads before an event of hers is made or published.
 */
export async function findSoleDuties(sql: Sql, userId: string): Promise<{ organizations: string[]; events: string[] }> {
  await sql`select id from public.profiles where id = ${userId} for update`;
  await sql`
    select id from organizations.org_memberships
     where role = 'owner' and org_id in (select org_id from organizations.org_memberships where user_id = ${userId})
     order by id for update`;
  const organizations = await sql<{ name: string }[]>`
    select o.name from organizations.organizations o
      join organizations.org_memberships m on m.org_id = o.id and m.user_id = ${userId} and m.role = 'owner'
     where o.deleted_at is null
       and not exists (select from organizations.org_memberships other
                        where other.org_id = o.id and other.role = 'owner' and other.user_id <> ${userId})
     order by o.name`;
  const events = await sql<{ title: string }[]>`
    select e.title from events.events e
     where e.owner_context_type = 'user' and e.owner_context_id = ${userId} and e.deleted_at is null
       and (e.status in ('published', 'postponed')
              and coalesce(e.end_at, e.start_at + interval '6 hours', 'infinity') > clock_timestamp()
            or exists (select from ticketing.ticket_holds h where h.event_id = e.id and h.status = 'active')
            or exists (select from ticketing.orders o
                        where o.event_id = e.id
                          and (o.status = 'pending' or o.owed_cents > 0 or o.dispute_state = 'open' or e.status = 'cancelled' and o.status = 'paid' and o.total_cents > 0))
            or exists (select from ticketing.refunds r where r.event_id = e.id and r.status = 'pending'))
     order by e.start_at, e.id`;
  return { organizations: organizations.map(({ name }) => name), events: events.map(({ title }) => title) };
}

/** Whether a record of trade hangs on this person, so that she is anonymized instead of deleted. */
export async function isTiedToTrade(sql: Sql, userId: string): Promise<boolean> {
  const [row] = await sql<{ tied: boolean }[]>`
    select exists (select from ticketing.orders where user_id = ${userId})
        or exists (select from ticketing.ticket_holds where user_id = ${userId})
        or exists (select from ticketing.tickets where owner_user_id = ${userId} or redeemed_by = ${userId})
        or exists (select from ticketing.refunds where initiated_by = ${userId})
        or exists (select from events.events where created_by = ${userId})
        or exists (select from social.event_posts where author_user_id = ${userId} or hidden_by = ${userId})
        or exists (select from social.event_reactions where user_id = ${userId})
        or exists (select from social.post_reports where reporter_user_id = ${userId})
        or exists (select from organizations.org_invitations where invited_by = ${userId})
        or exists (select from analytics.scan_logs where scanned_by = ${userId}) as tied`;
  return row?.tied ?? false;
}

/**
 * Keeps a mark of the mailbox of each order that she has tickets of, for events to come: the limit per person counts them still
 * (`ticketing.create_order`). Before the mailboxes are taken out; her orders are locked.
 */
export async function markMailboxes(sql: Sql, userId: string, keyOf: (mailbox: string) => string): Promise<void> {
  const rows = await sql<{ mailbox: string }[]>`
    select distinct mailbox from ticketing.orders where user_id = ${userId} and status = 'paid' and mailbox is not null`;
  const mailboxes = rows.map((row) => row.mailbox);
  await sql`
    insert into ticketing.erased_mailboxes (order_id, mark)
    select o.id, sha256(decode(k.key, 'hex') || uuid_send(o.event_id))
      from unnest(${mailboxes}::text[], ${mailboxes.map(keyOf)}::text[]) k(mailbox, key)
      join ticketing.orders o on o.user_id = ${userId} and o.mailbox = k.mailbox and o.status = 'paid'
      join events.events e on e.id = o.event_id
     where coalesce(events.over_at(e.start_at, e.end_at), 'infinity') > clock_timestamp()`;
}

/** Marks of erased mailboxes are good until the event is over: one bounded batch; true when there may be more. */
export async function deleteOldMarks(sql: Sql, limit: number): Promise<boolean> {
  const gone = await sql`
    delete from ticketing.erased_mailboxes where order_id in (
      select m.order_id from ticketing.erased_mailboxes m
        join ticketing.orders o on o.id = m.order_id join events.events e on e.id = o.event_id
       where events.over_at(e.start_at, e.end_at) < clock_timestamp() limit ${limit})`;
  return gone.count === limit;
}

/** Takes the person out of everything the trade must keep; amounts, counters and codes stay. In lock order. */
export async function erasePersonalData(sql: Sql, userId: string, placeholder: string): Promise<void> {
  await sql`select id from ticketing.orders where user_id = ${userId} order by id for no key update`;
  await sql`update ticketing.orders set mailbox = null, buyer_name = '', show_first_name = false, card_brand = null, card_last4 = null where user_id = ${userId}`;
  await sql`
    update ticketing.order_items set attendee_names = '[]'
     where order_id in (select id from ticketing.orders where user_id = ${userId}) and attendee_names <> '[]'`;
  await sql`select id from ticketing.tickets where owner_user_id = ${userId} order by id for no key update`;
  await sql`update ticketing.tickets set holder_name = '' where owner_user_id = ${userId}`;
  await sql`update ticketing.waiting_spots set user_id = null where user_id = ${userId}`;
  await sql`delete from events.saved_events where user_id = ${userId}`;
  await sql`delete from events.event_alerts where user_id = ${userId}`;
  await sql`delete from social.follows where user_id = ${userId}`;
  // What she wrote in an organization's name is the organization's, and shows its name.
  await sql`
    update social.event_posts p set text = '(removed)', media_urls = '[]', deleted_at = coalesce(p.deleted_at, clock_timestamp())
      from events.events e
     where p.author_user_id = ${userId} and e.id = p.event_id and (not p.as_organization or e.owner_context_type = 'user')`;
  await sql`update social.event_reactions set text = '(removed)', deleted_at = coalesce(deleted_at, clock_timestamp())
             where user_id = ${userId} and kind = 'comment'`;
  await sql`delete from social.event_reactions where user_id = ${userId} and kind <> 'comment'`;
  await sql`delete from organizations.org_memberships where user_id = ${userId}`;
  await sql`
    delete from organizations.org_invitations i using public.profiles p where p.id = ${userId} and lower(i.email) = lower(p.email)`;
  await sql`
    update events.events set deleted_at = clock_timestamp()
     where owner_context_type = 'user' and owner_context_id = ${userId} and status = 'draft' and deleted_at is null`;
  await sql`delete from analytics.user_actions where user_id = ${userId}`;
  await sql`
    update public.profiles set email = ${placeholder}, display_name = '', photo_url = null, settings = '{}',
           role = 'attendee', deleted_at = clock_timestamp()
     where id = ${userId}`;
}

/** Takes an erased person's mailbox out of what guests did with it. Their tickets stay theirs: they may be somebody else. */
export async function forgetMailbox(sql: Sql, mailbox: string): Promise<void> {
  await sql`
    update ticketing.orders set mailbox = null where id in (
      select o.id from ticketing.orders o join auth.users u on u.id = o.user_id
       where lower(o.mailbox) = lower(${mailbox}) and u.is_anonymous and o.status <> 'pending' order by o.id for no key update of o)`;
  await sql`delete from events.event_alerts where lower(mailbox) = lower(${mailbox})`;
  await sql`delete from ticketing.order_links where lower(mailbox) = lower(${mailbox})`;
}

/** How the sign-in library's keys of mailed codes begin; the mailbox follows. */
const CODES = ['sign-in-otp-', 'email-verification-otp-', 'forget-password-otp-', 'change-email-otp-'];

/** The sign-in library's half of an erasure: nobody can sign in as this person again. May be repeated. */
export async function eraseLogin(auth: Databases['auth'], userId: string, placeholder: string): Promise<void> {
  await auth.transaction(async (_tx, sql) => {
    // First, as whoever changes her second factor does.
    const [user] = await sql<{ email: string }[]>`select email from auth.users where id = ${userId} for update`;
    if (!user) return;
    const { email } = user;
    await sql`delete from auth.sessions where user_id = ${userId}`;
    await sql`delete from auth.accounts where user_id = ${userId}`;
    await sql`delete from auth.two_factors where user_id = ${userId}`;
    await sql`delete from auth.passkeys where user_id = ${userId}`;
    await sql`delete from auth.recovery_codes where user_id = ${userId}`;
    await sql`delete from auth.proof_tries where user_id = ${userId}`;
    // Exactly hers: links name their mailbox in their value, codes in their key, resets the account.
    await sql`
      delete from auth.verifications
       where value = ${userId} or identifier = any(${CODES.map((prefix) => prefix + email)}::text[])
          or case when identifier like 'magic-link:%' then value::json ->> 'email' = ${email} end`;
    await sql`
      update auth.users set name = '', email = ${placeholder}, email_verified = false, image = null, deleted_at = clock_timestamp()
       where id = ${userId}`;
  });
}

/**
 * Deletes a person nothing hangs on; sessions, logins and the profile go with her. False when something of the trade, made a
 * moment ago, holds her: then her anonymized row stays.
 */
export async function deleteUser(sql: Sql, userId: string): Promise<boolean> {
  try {
    await sql`delete from auth.users where id = ${userId}`;
    return true;
  } catch (error) {
    if (sqlState(error) === '23503') return false;
    throw error;
  }
}

/**
 * Locks what the person bought and is buying, in lock order, and answers the checkouts whose payment was begun and is not
 * decided: they would become tickets of a person who is gone. Behind the lock on her profile, so that no order is made meanwhile.
 */
export async function findPaymentsUnderWay(sql: Sql, userId: string): Promise<string[]> {
  await sql`select id from ticketing.orders where user_id = ${userId} order by id for update`;
  await sql`
    select id from ticketing.ticket_tiers
     where id in (select tier_id from ticketing.ticket_holds where user_id = ${userId} and status = 'active')
        or id in (select k.tier_id from ticketing.tickets k join ticketing.orders o on o.id = k.order_id
                   where o.user_id = ${userId} and o.status = 'paid' and o.total_cents = 0)
     order by id for no key update`;
  const rows = await sql<{ checkout_id: string }[]>`
    select checkout_id from ticketing.orders
     where user_id = ${userId}
       and (status = 'pending' and payment_state in ('started', 'processing', 'succeeded') or status = 'cancelled' and payment_state = 'processing')
     order by id`;
  return rows.map((row) => row.checkout_id);
}

/** The places of her checkouts go back, and their orders end as given up by the buyer: what is captured anyway goes back in full. */
export async function giveBackCheckouts(sql: Sql, userId: string): Promise<CheckoutRow[]> {
  const rows = await sql<CheckoutRow[]>`
    select distinct h.checkout_id as "checkoutId", h.event_id as "eventId" from ticketing.ticket_holds h
      left join ticketing.orders o on o.checkout_id = h.checkout_id
     where h.user_id = ${userId} and (h.status = 'active' or o.status = 'pending') order by 1`;
  const ids = rows.map(({ checkoutId }) => checkoutId);
  await sql`select ticketing.release_checkouts(${ids}::uuid[], ${ids.map(() => userId)}::uuid[])`;
  return [...rows];
}

export interface CheckoutRow {
  checkoutId: string;
  eventId: string;
}

/**
 * Free tickets for what is still to come, and that nobody has gone in with, go back on sale: others would like to come. Locks,
 * before any ticket is voided: all her orders by id, their tiers, the counters of their events.
 */
export async function giveBackFreeTickets(sql: Sql, userId: string): Promise<void> {
  await sql`select id from ticketing.orders where user_id = ${userId} order by id for update`;
  const free = sql`
    select o.id from ticketing.orders o join events.events e on e.id = o.event_id
     where o.user_id = ${userId} and o.status = 'paid' and o.total_cents = 0 and events.over_at(e.start_at, e.end_at) > clock_timestamp()`;
  await sql`
    select id from ticketing.ticket_tiers
     where id in (select tier_id from ticketing.tickets where order_id in (${free})) order by id for no key update`;
  // The door counts behind this lock: who is let in is in, or is refused.
  await sql`
    select from ticketing.event_counters
     where event_id in (select event_id from ticketing.orders where id in (${free})) order by event_id for update`;
  const orders = await sql<{ id: string }[]>`
    select o.id from ticketing.orders o
     where o.id in (${free}) and not exists (select from ticketing.tickets k where k.order_id = o.id and k.status = 'redeemed')
     order by o.id`;
  const ids = orders.map((order) => order.id);
  // An event that does not sell again what it took back takes nothing back here: the places were never paid for.
  await sql`
    update ticketing.ticket_tiers t set quantity = t.quantity + s.n
      from (select k.tier_id, count(*)::int as n from ticketing.tickets k join events.events e on e.id = k.event_id
             where k.order_id = any(${ids}::uuid[]) and k.status <> 'refunded' and not e.resell_refunded group by k.tier_id) s
     where t.id = s.tier_id`;
  for (const id of ids) await sql`select ticketing.request_refund(${id}, 'requested', ${userId})`;
}

/** An order that ended a month ago, and that no money belongs to or can belong to: the provider has nothing of it any more. */
const isSpentOrder = (sql: Sql) => sql`
  status = 'cancelled' and payment_state = 'none' and captured_at is null and coalesce(captured_cents, 0) = 0
  and created_at < clock_timestamp() - interval '30 days'`;

/** A silent guest of yesterday without an order, a hold, a spot in a waiting room or anything else of the trade. `u` is her user. */
const isIdleGuest = (sql: Sql) => sql`
  u.is_anonymous and u.created_at < clock_timestamp() - interval '1 day'
  and not exists (select from ticketing.orders where user_id = u.id and not (${isSpentOrder(sql)}))
  and not exists (select from ticketing.ticket_holds where user_id = u.id and status = 'active')
  and not exists (select from ticketing.tickets where owner_user_id = u.id)
  and not exists (select from ticketing.waiting_spots where user_id = u.id and ended_at is null)
  and not exists (select from events.event_alerts where user_id = u.id and confirmed_at is not null
                    and (told_at is null or told_at > clock_timestamp() - interval '1 day'))
  and not exists (select from events.saved_events where user_id = u.id and created_at > clock_timestamp() - interval '30 days')`;

/** Idle guests: one bounded batch. */
export async function findIdleGuests(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select u.id from auth.users u where ${isIdleGuest(sql)} order by u.created_at limit ${limit}`;
  return rows.map((row) => row.id);
}

/**
 * What of an idle guest would keep her from being deleted although it means nothing any more: spent orders, ended holds and their
 * lapses.
 * False when she is idle no longer.
 */
export async function deleteSpent(sql: Sql, userId: string): Promise<boolean> {
  const [idle] = await sql`select from auth.users u where u.id = ${userId} and ${isIdleGuest(sql)}`;
  if (!idle) return false;
  await sql`delete from ticketing.orders where user_id = ${userId} and ${isSpentOrder(sql)}`;
  await sql`delete from ticketing.ticket_holds where user_id = ${userId} and status <> 'active'`;
  return true;
}

/** Expired sessions and one-time codes: one bounded batch; true when there may be more. */
export async function deleteExpiredLogins(sql: Sql, limit: number): Promise<boolean> {
  const sessions = await sql`
    delete from auth.sessions where id in
      (select id from auth.sessions where expires_at < clock_timestamp() - interval '1 day' limit ${limit})`;
  const codes = await sql`
    delete from auth.verifications where id in
      (select id from auth.verifications where expires_at < clock_timestamp() - interval '1 day' limit ${limit})`;
  return sessions.count === limit || codes.count === limit;
}

/** The sign-in library's records about a person, without secrets. */
export async function collectLoginData(sql: Sql, userId: string): Promise<Record<string, unknown[]>> {
  const users = await sql`
    select id, name, email, email_verified, image, is_anonymous, two_factor_enabled, created_at, updated_at
      from auth.users where id = ${userId}`;
  const sessions = await sql`
    select id, user_agent, ip_address, created_at, expires_at, confirmed_at, second_factor_at
      from auth.sessions where user_id = ${userId}`;
  const accounts =
    await sql`select id, provider_id, created_at, updated_at from auth.accounts where user_id = ${userId}`;
  const factors = await sql`select id, verified, created_at from auth.two_factors where user_id = ${userId}`;
  const passkeys =
    await sql`select id, name, transports, created_at, used_at from auth.passkeys where user_id = ${userId}`;
  const codes = await sql`select id, used_at from auth.recovery_codes where user_id = ${userId}`;
  const tries = await sql`select failed, locked_until from auth.proof_tries where user_id = ${userId}`;
  return {
    'auth.users': [...users],
    'auth.sessions': [...sessions],
    'auth.accounts': [...accounts],
    'auth.two_factors': [...factors],
    'auth.passkeys': [...passkeys],
    'auth.recovery_codes': [...codes],
    'auth.proof_tries': [...tries],
  };
}

/** Living accounts at the demo's domain. */
export async function countDemoAccounts(sql: Sql, domain: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from auth.users where lower(email) like ${`%@${domain}`} and deleted_at is null`;
  return row?.n ?? 0;
}

/** The account of an address, made when there is none. */
export async function insertAccount(
  sql: Sql,
  email: string,
): Promise<{ person: { id: string; email: string; name: string }; made: boolean }> {
  const [made] = await sql<{ id: string; email: string; name: string }[]>`
    insert into auth.users (email, name) values (${email}, '') on conflict (email) do nothing returning id, email, name`;
  if (made) return { person: made, made: true };
  const [known] = await sql<{ id: string; email: string; name: string }[]>`
    select id, email, name from auth.users where email = ${email}`;
  if (!known) throw new Error(`no account for ${email}`);
  return { person: known, made: false };
}

export async function promoteToAdmin(sql: Sql, userId: string): Promise<void> {
  await sql`update public.profiles set role = 'admin' where id = ${userId}`;
}
