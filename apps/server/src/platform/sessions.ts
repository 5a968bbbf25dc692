import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Databases } from '@liventix/db/client';
import { Combiner } from './combine.ts';
import { readCookies } from './read-cookies.ts';

/** Who asks. */
export interface Actor {
  userId: string;
  sessionId: string;
  /** A placeholder at guest.invalid for silent guests: never show or mail it when `isAnonymous`. */
  email: string;
  name: string;
  isAnonymous: boolean;
  emailVerified: boolean;
  /** `organizer` means "has an organization" and grants nothing; `admin` is the platform's staff. */
  role: 'attendee' | 'organizer' | 'admin';
}

/** Claims for row level security; null means anon. */
export function claimsOf(actor: Actor | null): { sub: string; role: 'authenticated'; sid: string } | null {
  return actor && { sub: actor.userId, role: 'authenticated', sid: actor.sessionId };
}

/** How long a session lasts. */
export const SESSION_SECONDS = 60 * 86_400;

/** What the platform needs of the sign-in library; features/accounts makes it. */
export interface Auth {
  /** Answers everything under /auth/: what is no door of ours does not exist. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The same for the forms of pages, in this process: same hooks, same limits, counted for the person's own address. */
  call(path: AuthDoor, body: Record<string, unknown>, from: AuthCaller): Promise<Response>;
  /** Whose session a cookie header carries. */
  read: ReadSession;
  links: MailedLinks;
  /** The mailbox was proven in this browser: what was typed here to sign up with it becomes the account's. Answers cookies. */
  finishSignUp(email: string, cookieHeader: string | undefined): Promise<string[]>;
  /** Whether this browser asked for a sign-in link to that mailbox a moment ago. */
  hasAsked(email: string, cookieHeader: string | undefined): boolean;
  /** Signs a visitor in silently: the new actor, and the Set-Cookie values to send. */
  signInGuest(requestHeaders: Headers): Promise<{ actor: Actor; cookies: string[] }>;
}

/** What a mailed link that proves or changes an address is for, read from its own signed text. */
export interface AddressLink {
  userId: string;
  /** The account's address when the link was mailed. */
  email: string;
  newEmail: string | null;
  /** `prove` the address; `agree`, from the present one, to a change; `change` it, from the new one. */
  step: 'prove' | 'agree' | 'change';
}

/** Mailed links. Reading one changes nothing; null when it is unknown, used or too old. */
export interface MailedLinks {
  readSignIn(token: string): Promise<{ email: string } | null>;
  /** Signs in, once. With a guest's cookie her things move. Answers the mailbox, and the Set-Cookie values of the new session. */
  openSignIn(token: string, cookie: string | null): Promise<{ email: string; cookies: string[] } | null>;
  readAddress(token: string): Promise<AddressLink | null>;
  /** Agrees to a change of address in the name of the session, whose it is the caller has checked: the new mailbox is mailed its link. */
  agreeAddress(token: string, cookie: string | null): Promise<boolean>;
}

/** Addresses of the sign-in library under /auth that are open to callers (features/accounts/auth-doors.ts). */
export type AuthDoor =
  | '/sign-up/email'
  | '/sign-in/email'
  | '/sign-in/magic-link'
  | '/email-otp/send-verification-otp'
  | '/sign-in/email-otp'
  | '/request-password-reset'
  | '/reset-password'
  | '/send-verification-email'
  | '/change-email'
  | '/change-password'
  | '/sign-out';

/** On whose behalf a page calls the sign-in library. */
export interface AuthCaller {
  headers: Headers;
  address: string;
}

/**
 * How our cookies begin. On https browsers take a `__Host-` cookie from this very host alone, so no sibling of its domain can
 * put one there; on http, as at home, the prefix would make them refuse it.
 */
export function cookiePrefix(publicUrl: string): string {
  return `${publicUrl.startsWith('https:') ? '__Host-' : ''}lv`;
}

/** Name of the session cookie. */
export function sessionCookieName(publicUrl: string): string {
  return `${cookiePrefix(publicUrl)}.session_token`;
}

/**
 * Name of the cookie of a session that waits for its second factor. It stands beside the session cookie: a guest who cannot show
 * the factor keeps her tickets and her checkout.
 */
export function waitingCookieName(publicUrl: string): string {
  return `${cookiePrefix(publicUrl)}.waiting`;
}

/** A Set-Cookie value for a cookie of ours. */
export function writeCookie(publicUrl: string, name: string, value: string, seconds: number): string {
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax'];
  return [...parts, ...(publicUrl.startsWith('https:') ? ['Secure'] : [])].join('; ');
}

/** Ends the waiting in this browser. */
export function clearWaiting(publicUrl: string): string {
  return writeCookie(publicUrl, waitingCookieName(publicUrl), '', 0);
}

/** The second factor was proven: the session that waited takes the place of the one this browser had. */
export function signInWaiting(publicUrl: string, cookieHeader: string | null): string[] {
  const [value = ''] = readCookies(cookieHeader ?? undefined, waitingCookieName(publicUrl));
  return [writeCookie(publicUrl, sessionCookieName(publicUrl), value, SESSION_SECONDS), clearWaiting(publicUrl)];
}

/**
 * The token of a signed session cookie, or null: HMAC-SHA256 of the token under the installation's secret, compared in
 * constant time. The same check as the sign-in library's, a hundred times faster (a test holds both together).
 */
export function tokenOf(cookieHeader: string | undefined, cookieName: string, secret: KeyObject): string | null {
  const [sent] = readCookies(cookieHeader, cookieName);
  if (sent === undefined) return null;
  let value: string;
  try {
    value = decodeURIComponent(sent);
  } catch {
    return null;
  }
  const dot = value.lastIndexOf('.');
  if (dot < 1) return null;
  const token = value.slice(0, dot);
  return isSame(value.slice(dot + 1), createHmac('sha256', secret).update(token).digest('base64')) ? token : null;
}

/**
 * The session cookie of a header as the sign-in library is given it: the one that we read ourselves, written once and plainly, or
 * nothing. Two readers of one header (quotes, doubles, spaces) could each see somebody else.
 */
export function sessionCookieOf(
  cookieHeader: string | null | undefined,
  options: { publicUrl: string; secret: KeyObject },
): string | null {
  const name = sessionCookieName(options.publicUrl);
  if (tokenOf(cookieHeader ?? undefined, name, options.secret) === null) return null;
  return `${name}=${readCookies(cookieHeader, name)[0]}`;
}

/** In a time that tells nothing of where two signatures differ. */
function isSame(given: string, wanted: string): boolean {
  if (given.length !== wanted.length) return false;
  let different = 0;
  for (let at = 0; at < wanted.length; at++) different |= given.charCodeAt(at) ^ wanted.charCodeAt(at);
  return different === 0;
}

interface SessionRow {
  /** Place of the asked token, from 1. */
  ord: number;
  session_id: string;
  user_id: string;
  email: string;
  name: string;
  is_anonymous: boolean;
  email_verified: boolean;
  role: Actor['role'] | null;
}

/** Reads the session behind a cookie header: our own signature check, then one prepared statement. No cache. */
export type ReadSession = (cookieHeader: string | undefined) => Promise<Actor | null>;

const READ_MOST = 256;

export function createReadSession(options: { db: Databases; publicUrl: string; secret: string }): ReadSession {
  const cookieName = sessionCookieName(options.publicUrl);
  const secret = createSecretKey(options.secret, 'utf8'); // made ready once: a third of what a signature costs
  // Thousands of people come in the same second, each with a session of her own: those who wait together are read together.
  const reading = new Combiner<string, Actor | null>({
    flush: (tokens) => readActors(options.db.engine.sql, tokens),
    maxBatch: READ_MOST,
    maxInFlight: 2,
  });
  return async (cookieHeader) => {
    const token = tokenOf(cookieHeader, cookieName, secret);
    return token ? reading.submit(token) : null;
  };
}

/**
 * Who is behind each token, in the order asked. This is the one door: a session of an account with a second factor is nobody's
 * until that was proven in it, whichever way it was signed in (`createReadPending` reads the waiting ones). Looked up one
 * by one by the token's index, whatever the table's statistics say.
 */
async function readActors(sql: Databases['engine']['sql'], tokens: readonly string[]): Promise<(Actor | null)[]> {
  const rows = await sql<SessionRow[]>`
    select t.ord::int, a.* from jsonb_array_elements_text(${JSON.stringify(tokens)}::text::jsonb) with ordinality t(token, ord)
    cross join lateral (
      select s.id as session_id, u.id as user_id, u.email, coalesce(p.display_name, u.name) as name,
             coalesce(u.is_anonymous, false) as is_anonymous, u.email_verified, p.role
        from auth.sessions s
        join auth.users u on u.id = s.user_id
        left join public.profiles p on p.id = u.id
       where s.token = t.token and s.expires_at > clock_timestamp() and u.deleted_at is null and p.deleted_at is null
         and (s.second_factor_at is not null or not u.two_factor_enabled) limit 1) a`;
  const actors = new Array<Actor | null>(tokens.length).fill(null);
  for (const row of rows)
    actors[row.ord - 1] = {
      userId: row.user_id,
      sessionId: row.session_id,
      email: row.email,
      name: row.name,
      isAnonymous: row.is_anonymous,
      emailVerified: row.email_verified,
      role: row.role ?? 'attendee',
    };
  return actors;
}

/** Whose kept sessions are no longer to be trusted. */
export type Whose = { sessionId: string } | { userId: string } | 'everyone';

/** Sessions read a moment ago, for procedures that thousands call in the same second. */
export interface SessionCache {
  read: ReadSession;
  /** Something of these sessions changed: they are read again. */
  drop(whose: Whose): void;
  /** The same for whatever this cookie header carried. */
  forget(cookieHeader: string | undefined): void;
}

export interface SessionCacheOptions {
  read: ReadSession;
  /** Whether changes of sessions, users and profiles are heard. While they are not, nothing is kept. */
  isHearing: () => boolean;
  /** Milliseconds a session is kept at most, heard or not. */
  keepMs?: number;
  /** Sessions kept at most. */
  most?: number;
}

/** Our pages send a fifth of it. What is longer was made longer by others, who could fill the memory with it. */
const KEPT_HEADER_MOST = 1000;

interface Kept {
  actor: Actor;
  /** When it was asked for: what was dropped since is no longer true. */
  askedAtMs: number;
}

/**
 * Keeps what `read` answered, for seconds, as long as the feed tells of changes. Only sessions that exist are kept, under
 * the very bytes of the cookie header, so that the signature was checked for each of them. A drop is a note of the moment,
 * beside which older answers don't count: keeping one costs a rush no more than an entry.
 */
export function cacheSessions({ read, isHearing, keepMs = 5000, most = 50_000 }: SessionCacheOptions): SessionCache {
  const kept = new Map<string, Kept>(); // in the order they were asked for, nearly
  const dropped = new Map<string, number>(); // by session, by person, by cookie header; in the order of time
  let allDroppedMs = Number.NEGATIVE_INFINITY;

  const since = (id: string): number => dropped.get(id) ?? Number.NEGATIVE_INFINITY;
  const isTrue = (header: string, { actor, askedAtMs }: Kept, nowMs: number): boolean =>
    nowMs - askedAtMs < keepMs &&
    askedAtMs > allDroppedMs &&
    askedAtMs > since(actor.sessionId) &&
    askedAtMs > since(actor.userId) &&
    askedAtMs > since(header);

  function keep(header: string, entry: Kept): void {
    // Looking for the oldest walks over every entry that was removed before it: only when there is no place left.
    if (kept.size >= most) for (const oldest of [...kept.keys()].slice(0, most >> 3)) kept.delete(oldest);
    kept.set(header, entry);
  }

  function drop(id: string): void {
    const nowMs = performance.now();
    for (const [old, atMs] of dropped) {
      if (nowMs - atMs < keepMs) break;
      dropped.delete(old); // no answer from before it is kept any more
    }
    dropped.delete(id);
    dropped.set(id, nowMs);
  }

  return {
    async read(header) {
      if (!header || header.length > KEPT_HEADER_MOST || !isHearing()) return read(header);
      const askedAtMs = performance.now();
      const entry = kept.get(header);
      if (entry && isTrue(header, entry, askedAtMs)) return entry.actor;
      if (entry) kept.delete(header);
      const actor = await read(header);
      if (actor && isHearing()) keep(header, { actor, askedAtMs });
      return actor;
    },
    drop(whose) {
      if (whose === 'everyone') allDroppedMs = performance.now();
      else drop('userId' in whose ? whose.userId : whose.sessionId);
    },
    forget(header) {
      if (!header || header.length > KEPT_HEADER_MOST) return;
      drop(header); // also what is being read for it right now
      const entry = kept.get(header);
      if (entry) drop(entry.actor.sessionId);
    },
  };
}
