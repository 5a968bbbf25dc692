import { createSecretKey } from 'node:crypto';
import type { Databases } from '@liventix/db/client';
import type postgres from 'postgres';
import type { Env } from '../env.ts';
import type { Actor } from './context.ts';
import { fail } from './errors.ts';
import { tokenOf, waitingCookieName } from './sessions.ts';

/** Domain of the demo's one-press sign-ins; their password is printed at every start, so they never exist outside a demo. */
export const DEMO_DOMAIN = 'liventix.test';

/** How long a sign-in, or a confirmation, stands for what hurts. By the database's clock. */
export const FRESH_MINUTES = 10;

/** Enough to judge a caller. Every `Ctx` is one. */
export interface StandingCtx {
  db: Databases;
  services: { env: Pick<Env, 'DEMO'> };
}

/** Whether a user is one of the demo's own, in demo mode: asked for no second factor and no fresh sign-in. */
export function isDemoPerson(ctx: StandingCtx, { email }: Pick<Actor, 'email'>): boolean {
  return ctx.services.env.DEMO && email.toLowerCase().endsWith(`@${DEMO_DOMAIN}`);
}

/**
 * Stands before what hurts: the caller signed in, or confirmed who it is, in the last ten minutes; with `secondFactor` the
 * account has one too. (A session of an account with a second factor exists only once that was proven, see `readActors`.)
 * Anonymous visitors have nothing to confirm with and pass the first; they are never asked for the second.
 * Errors: SECOND_FACTOR_REQUIRED, FRESH_SIGN_IN_REQUIRED, SIGN_IN_REQUIRED.
 */
export async function requireFresh(
  ctx: StandingCtx,
  actor: Actor,
  { secondFactor = false }: { secondFactor?: boolean } = {},
): Promise<void> {
  if (isDemoPerson(ctx, actor)) return;
  if (actor.isAnonymous && !secondFactor) return;
  const standing = (await readStanding(ctx.db.auth.sql, actor)) ?? fail('SIGN_IN_REQUIRED');
  if (secondFactor && !standing.has) fail('SECOND_FACTOR_REQUIRED');
  if (!standing.fresh) fail('FRESH_SIGN_IN_REQUIRED');
}

/**
 * Stands before a second factor is set up and an account is deleted, which a stolen password alone must not do: wants a session that the
 * account's mailbox signed in, or that has shown a second factor. Errors: MAILBOX_REQUIRED, FRESH_SIGN_IN_REQUIRED, SIGN_IN_REQUIRED.
 */
export async function requireMailbox(ctx: StandingCtx, actor: Actor): Promise<void> {
  await requireFresh(ctx, actor);
  if (isDemoPerson(ctx, actor) || actor.isAnonymous) return;
  const standing = (await readStanding(ctx.db.auth.sql, actor)) ?? fail('SIGN_IN_REQUIRED');
  if (!standing.owns) fail('MAILBOX_REQUIRED');
}

/** Whether this session may set up the first second factor. */
export async function mayAddFactor(ctx: StandingCtx, actor: Actor): Promise<boolean> {
  return isDemoPerson(ctx, actor) || ((await readStanding(ctx.db.auth.sql, actor))?.owns ?? false);
}

/** Stands before everything of the platform's staff: an account without a second factor may only set one up. */
export async function requireSecondFactor(ctx: StandingCtx, actor: Actor): Promise<void> {
  if (isDemoPerson(ctx, actor)) return;
  const standing = (await readStanding(ctx.db.auth.sql, actor)) ?? fail('SIGN_IN_REQUIRED');
  if (!standing.has) fail('SECOND_FACTOR_REQUIRED');
}

/**
 * Locks the profile of a person who is there, so that she cannot be erased before the transaction ends; false when she was.
 * Whoever writes something for a person asks first: it comes before all other locks (docs/domain.md, "Lock order").
 */
export async function lockLiving(sql: postgres.ISql, userId: string): Promise<boolean> {
  const rows = await sql`select from public.profiles where id = ${userId} and deleted_at is null for key share`;
  return rows.length > 0;
}

/** The same for a caller. Errors: SIGN_IN_REQUIRED. */
export async function requireLiving(sql: postgres.ISql, { userId }: Pick<Actor, 'userId'>): Promise<void> {
  if (!(await lockLiving(sql, userId))) fail('SIGN_IN_REQUIRED');
}

/** Whether a caller's session lives: it may have ended since it was read. */
export async function isThere(sql: postgres.ISql, { sessionId }: Pick<Actor, 'sessionId'>): Promise<boolean> {
  const rows = await sql`select from auth.sessions where id = ${sessionId} and expires_at > clock_timestamp()`;
  return rows.length > 0;
}

/**
 * Comes last in the transaction of whatever `requireFresh` stands before: while it waited its owner may have ended the session, to put
 * somebody out. Errors: SIGN_IN_REQUIRED.
 */
export async function requireSession(sql: postgres.ISql, actor: Pick<Actor, 'sessionId'>): Promise<void> {
  if (!(await isThere(sql, actor))) fail('SIGN_IN_REQUIRED');
}

async function readStanding(
  sql: Databases['auth']['sql'],
  { sessionId }: Actor,
): Promise<{ has: boolean; owns: boolean; fresh: boolean } | undefined> {
  const [row] = await sql<{ has: boolean; owns: boolean; fresh: boolean }[]>`
    select u.two_factor_enabled and s.second_factor_at is not null as has,
           s.by_mailbox or s.second_factor_at is not null as owns,
           s.confirmed_at > clock_timestamp() - make_interval(mins => ${FRESH_MINUTES}) as fresh
      from auth.sessions s join auth.users u on u.id = s.user_id
     where s.id = ${sessionId} and s.expires_at > clock_timestamp()`;
  return row;
}

/** Whether a person holds places now or has tickets: shares by address keep a machine from having many of those. */
export async function isBuying(sql: Databases['engine']['sql'], userId: string): Promise<boolean> {
  const [row] = await sql<{ yes: boolean }[]>`
    select exists (select from ticketing.ticket_holds where user_id = ${userId} and status = 'active')
        or exists (select from ticketing.tickets where owner_user_id = ${userId}) as yes`;
  return row?.yes ?? false;
}

/** Whether a mailbox has a confirmed account or an order that was paid for: nobody makes those up. */
export async function isKnownMailbox(sql: Databases['engine']['sql'], mailbox: string): Promise<boolean> {
  const [row] = await sql<{ yes: boolean }[]>`
    select exists (select from auth.users
                    where email = lower(${mailbox}) and email_verified and not coalesce(is_anonymous, false) and deleted_at is null)
        or exists (select from ticketing.orders
                    where public.normal_mailbox(mailbox) = public.normal_mailbox(${mailbox}) and lower(mailbox) = lower(${mailbox})
                      and status in ('paid', 'refunded') and total_cents > 0) as yes`;
  return row?.yes ?? false;
}

/** A session that waits for its second factor: good for proving it, and for nothing else. */
export interface PendingSession {
  sessionId: string;
  userId: string;
  email: string;
}

/** Reads the waiting session behind a cookie header, or null. */
export type ReadPending = (cookieHeader: string | undefined) => Promise<PendingSession | null>;

export function createReadPending(options: { db: Databases; publicUrl: string; secret: string }): ReadPending {
  const cookieName = waitingCookieName(options.publicUrl);
  const secret = createSecretKey(options.secret, 'utf8');
  return async (cookieHeader) => {
    const token = tokenOf(cookieHeader, cookieName, secret);
    if (!token) return null;
    const [row] = await options.db.engine.sql<PendingSession[]>`
      select s.id as "sessionId", u.id as "userId", u.email from auth.sessions s join auth.users u on u.id = s.user_id
        left join public.profiles p on p.id = u.id
       where s.token = ${token} and s.expires_at > clock_timestamp()
         and u.two_factor_enabled and s.second_factor_at is null and u.deleted_at is null and p.deleted_at is null`;
    return row ?? null;
  };
}
