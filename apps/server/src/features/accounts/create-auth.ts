import { createSecretKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Databases } from '@liventix/db/client';
import { accounts, sessions, users, verifications } from '@liventix/db/schema';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { anonymous, emailOTP, magicLink } from 'better-auth/plugins';
import type { Env } from '../../env.ts';
import { fail } from '../../platform/errors.ts';
import type { Live } from '../../platform/live/live.ts';
import type { Logger } from '../../platform/log.ts';
import { mailsAnyway } from '../../platform/mail-budget.ts';
import { GUEST_DOMAIN, type Mailer } from '../../platform/mailer.ts';
import { isOwnOrigin } from '../../platform/origin.ts';
import type { RateLimit, RateLimits } from '../../platform/rate-limits.ts';
import type { ReadBody } from '../../platform/read-body.ts';
import {
  type Auth,
  clearWaiting,
  cookiePrefix,
  type ReadSession,
  SESSION_SECONDS,
  sessionCookieName,
  sessionCookieOf,
  tokenOf,
  waitingCookieName,
} from '../../platform/sessions.ts';
import { DEMO_DOMAIN, type ReadPending } from '../../platform/standing.ts';
import {
  changeAddressMail,
  emailCodeMail,
  magicLinkMail,
  passwordResetMail,
  signUpMail,
  verifyAddressMail,
} from '../documents/mails/account-mails.tsx';
import { guardAuth } from '../security/guard-auth.ts';
import { openAfterReset } from '../security/open-after-reset.ts';
import {
  claimResetLink,
  endResetLinks,
  endSession,
  endSessions,
  finishSignUp,
  followAccount,
  keepResetKey,
  lockUser,
  readNow,
  readStanding,
  rememberMove,
} from './accounts.sql.ts';
import { answerConstraints } from './answer-constraints.ts';
import { browserMarks, signUpCookie } from './auth-cookies.ts';
import { AUTH_DOORS, type Door, doorOf } from './auth-doors.ts';
import { changePassword, type PasswordRefusal } from './change-password.ts';
import { type Ask, countAsks } from './count-ask.ts';
import { createMailedLinks } from './mailed-links.ts';
import type { MoveCtx } from './move-guest.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { sendAccountMail } from './send-account-mail.ts';
import { type SignIn, settleSignIn } from './settle-sign-in.ts';

export interface AuthOptions {
  env: Env;
  db: Databases;
  log: Logger;
  mailer: Mailer;
  limits: RateLimits;
  live: () => Live;
  readSession: ReadSession;
  readPending: ReadPending;
  readBody: ReadBody;
}

const DAY_SECONDS = 86_400;
const LINK_SECONDS = 30 * 60;
const CODE_SECONDS = 10 * 60;

/** Bytes of a body under /auth. */
const BODY_MOST = 16 * 1024;
type PasswordChange = Parameters<typeof changePassword>[2];
const REFUSED: Record<PasswordRefusal, number> = {
  SIGN_IN_REQUIRED: 401,
  FRESH_SIGN_IN_REQUIRED: 403,
  INVALID_PASSWORD: 400,
  CREDENTIAL_ACCOUNT_NOT_FOUND: 400,
};
/** How often a reset starts the count of wrong proofs anew: whoever has the mailbox alone must not guess on and on. */
const FRESH_PROOFS: RateLimit = { name: 'auth.fresh-proofs', points: 5, perSeconds: 86_400 };

/** The sign-in library with our tables, hashes, mails and rules. Everything about it is in this folder. */
export function createAuth(options: AuthOptions): Auth {
  const { env, db, mailer } = options;
  const log = options.log.child({ part: 'auth' });
  const move: MoveCtx = { db, log, live: options.live };
  const cookieRule = { publicUrl: env.PUBLIC_URL, secret: createSecretKey(env.LIVENTIX_SECRET, 'utf8') };
  const originRule = { origin: new URL(env.PUBLIC_URL).origin, demo: env.DEMO };
  /** Mailed links lead to pages that ask first. */
  const pageUrl = (path: string, query: Record<string, string>): string =>
    `${env.PUBLIC_URL}${path}?${new URLSearchParams(query)}`;

  const resetMail = (token: string) =>
    passwordResetMail({ url: pageUrl('/reset', { token }), minutes: LINK_SECONDS / 60 });

  const links = createMailedLinks({
    publicUrl: env.PUBLIC_URL,
    secret: env.LIVENTIX_SECRET,
    sql: db.auth.sql,
    ask: (request) => library.handler(request),
    settle: (answer, mailbox) => settle(answer, { mailbox, by: 'mail', standing: null }),
  });
  const addressLink = async (token: string) => pageUrl('/verify/link', { token: await links.seal(token) });

  const library = betterAuth({
    appName: 'Liventix',
    baseURL: env.PUBLIC_URL,
    basePath: '/auth',
    secret: env.LIVENTIX_SECRET,
    telemetry: { enabled: false },
    // Express has checked the Origin of what changes anything; this repeats it for redirects.
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin');
      return env.DEMO && origin ? [env.PUBLIC_URL, origin] : [env.PUBLIC_URL];
    },
    database: answerConstraints(
      drizzleAdapter(db.auth.db, {
        provider: 'pg',
        schema: { user: users, session: sessions, account: accounts, verification: verifications },
      }),
    ),
    advanced: {
      // The library would begin the name with __Secure-, which a sibling of our domain may write too.
      useSecureCookies: false,
      cookiePrefix: cookiePrefix(env.PUBLIC_URL),
      defaultCookieAttributes: { secure: env.PUBLIC_URL.startsWith('https:') },
      database: { generateId: false }, // the database makes them, in order of time
      ipAddress: { disableIpTracking: true },
    },
    rateLimit: { enabled: false }, // ours, below
    // Codes and sign-in links are hashed by their plugins.
    verification: {
      storeIdentifier: {
        default: 'plain',
        overrides: { 'reset-password:': { hash: async (key) => keepResetKey(key) } },
      },
    },
    logger: {
      log: (level, message) => {
        if (level === 'error') log.error({ message }, 'sign-in library');
        else if (level === 'warn') log.warn({ message }, 'sign-in library');
      },
    },
    // What nobody foresaw is answered and logged by the server, with a reference, like everywhere.
    onAPIError: { errorURL: '/sign-in', throw: true },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // `startSignUp` below
      minPasswordLength: 8,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: verifyPassword },
      resetPasswordTokenExpiresIn: LINK_SECONDS,
      revokeSessionsOnPasswordReset: true,
      // They ended before the new password was written: whoever came in by the former one in between goes now.
      onPasswordReset: async ({ user }) => {
        const forgives = (await options.limits.take(FRESH_PROOFS, user.id)) === null;
        const ended = await db.auth.transaction(async (_tx, sql) => {
          await lockUser(sql, user.id);
          await endResetLinks(sql, user.id);
          await openAfterReset(sql, user.id, forgives);
          return endSessions(sql, user.id);
        });
        for (const id of ended) options.live().endSession(id);
      },
      sendResetPassword: async ({ user, token }) => {
        sendAccountMail({ mailer, log }, user.email, resetMail(token));
      },
    },
    emailVerification: {
      autoSignInAfterVerification: false,
      expiresIn: DAY_SECONDS,
      sendVerificationEmail: async ({ user, token }) => {
        // Sealed beside the answer, which must not take longer where there is somebody to mail to.
        const mail = addressLink(token).then((url) => verifyAddressMail({ url, minutes: DAY_SECONDS / 60 }));
        sendAccountMail({ mailer, log }, user.email, mail);
      },
    },
    user: {
      changeEmail: {
        enabled: true,
        sendChangeEmailConfirmation: async ({ user, newEmail, token }) => {
          const mail = addressLink(token).then((url) =>
            changeAddressMail({ url, newEmail, to: 'former', minutes: DAY_SECONDS / 60 }),
          );
          sendAccountMail({ mailer, log }, user.email, mail);
        },
      },
    },
    databaseHooks: {
      session: {
        // A header of 16 KB would be kept for 60 days.
        create: { before: async (session) => ({ data: { ...session, userAgent: session.userAgent?.slice(0, 256) } }) },
      },
      user: {
        create: {
          // The library would call a guest "Anonymous", which is a name like any other.
          before: async (user) =>
            (user as { isAnonymous?: boolean }).isAnonymous ? { data: { ...user, name: '' } } : undefined,
          after: (user) => followAccount(db.engine.sql, user.id),
        },
      },
    },
    plugins: [
      guardAuth(options),
      anonymous({
        emailDomainName: GUEST_DOMAIN,
        disableDeleteAnonymousUser: true,
        // Only remembered: whether this sign-in stands is not known yet (`settleSignIn`).
        onLinkAccount: async ({ anonymousUser: { user }, newUser }) => {
          if (user.id === newUser.user.id) return;
          await rememberMove(db.auth.sql, { from: user.id, to: newUser.user.id, sessionId: newUser.session.id });
        },
      }),
      magicLink({
        expiresIn: LINK_SECONDS,
        storeToken: 'hashed',
        sendMagicLink: async ({ email, token, url: own, metadata }) => {
          const to = new URL(own).searchParams.get('callbackURL') ?? '/';
          const link = { url: pageUrl('/sign-in/link', { token, to }), minutes: LINK_SECONDS / 60 };
          const signUp = metadata as { code: string; known: boolean } | undefined;
          const code = { codeMinutes: CODE_SECONDS / 60, forgotUrl: `${env.PUBLIC_URL}/forgot` };
          sendAccountMail(
            { mailer, log },
            email,
            signUp ? signUpMail({ ...link, ...code, ...signUp }) : magicLinkMail(link),
          );
        },
      }),
      emailOTP({
        otpLength: 6,
        expiresIn: CODE_SECONDS,
        allowedAttempts: 5,
        storeOTP: 'hashed',
        sendVerificationOTP: async ({ email, otp, type }) => {
          const purpose = type === 'email-verification' || type === 'change-email' ? 'verify_address' : 'sign_in';
          sendAccountMail({ mailer, log }, email, emailCodeMail({ code: otp, minutes: CODE_SECONDS / 60, purpose }));
        },
      }),
    ],
  });

  const marks = browserMarks({ secret: env.LIVENTIX_SECRET, publicUrl: env.PUBLIC_URL });
  const signUps = signUpCookie({ secret: env.LIVENTIX_SECRET, publicUrl: env.PUBLIC_URL });
  const mailIfKnown = async (mailbox: string, address: string): Promise<void> => {
    if (!(await mailsAnyway(options, mailbox, address))) return;
    await library.api.signInMagicLink({ headers: new Headers(), body: { email: mailbox, callbackURL: '/' } });
  };
  const counts = countAsks({
    env,
    limits: options.limits,
    marks,
    readSession: options.readSession,
    mailIfKnown: (mailbox, address) =>
      void mailIfKnown(mailbox, address).catch((err: unknown) => log.error({ err }, 'a link could not be mailed')),
  });

  /** The library is asked in its own words: no byte of the request but what the door named reaches it. */
  const askLibrary = async ({ path, caller }: Ask, body: Record<string, unknown>): Promise<Response> => {
    const headers = new Headers({ 'content-type': 'application/json', origin: originRule.origin });
    const session = sessionCookieOf(caller.cookie, cookieRule);
    // For one that has ended the library would clear the cookie again that this very answer sets.
    if (session && (await options.readSession(session))) headers.set('cookie', session);
    if (caller.userAgent) headers.set('user-agent', caller.userAgent);
    const url = `${env.PUBLIC_URL}/auth${path}`;
    return library.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  };

  /** The cookies that an answer may set. Null when the session among them does not stand. One that waits has a cookie of its own. */
  const settle = async (answer: Response, signIn: SignIn): Promise<string[] | null> => {
    const cookies = answer.headers.getSetCookie();
    const name = sessionCookieName(env.PUBLIC_URL);
    const token = tokenOf(cookies.map((cookie) => cookie.split(';', 1)[0]).join('; '), name, cookieRule.secret);
    if (token === null) return cookies;
    const settled = await settleSignIn(move, token, signIn);
    if (!settled?.waits) return settled && [...cookies, clearWaiting(env.PUBLIC_URL)];
    const waiting = waitingCookieName(env.PUBLIC_URL);
    return cookies.map((cookie) => (cookie.startsWith(`${name}=`) ? waiting + cookie.slice(name.length) : cookie));
  };

  /**
   * Signing up is answered alike whether the mailbox has an account: only the mail says so. Its link or code proves the mailbox,
   * and makes the account when there is none; name and password wait in this browser until then.
   */
  async function startSignUp(
    started: { name: string; email: string; password: string; callbackURL?: string },
    known: boolean,
  ) {
    const { name, email, password, callbackURL = '/' } = started;
    const at = await readNow(db.auth.sql);
    const kept = await signUps.write({ name, email, at, passwordHash: await hashPassword(password) });
    const code = await library.api.createVerificationOTP({ body: { email, type: 'sign-in' } });
    await library.api.signInMagicLink({
      headers: new Headers(),
      body: { email, callbackURL, metadata: { code, known } },
    });
    const answer = Response.json({ status: true });
    for (const cookie of [kept, marks.write('asked', email)]) answer.headers.append('set-cookie', cookie);
    return answer;
  }

  const finish = async (email: string, cookie: string | undefined): Promise<string[]> => {
    const started = await signUps.read(email, cookie);
    if (!started) return [];
    await finishSignUp(db, started);
    return [signUps.clear()];
  };

  /** Answers an ask at a door: counts it, asks the library, and looks again whether what it was decided by still holds. */
  async function pass(ask: Ask): Promise<Response> {
    const { path, caller } = ask;
    const door: Door = AUTH_DOORS[path];
    await counts.byAddress(ask);
    const body = door.body.parse(ask.body);
    const mailbox = door.mailbox ? String(body[door.mailbox]) : null;
    // Outside of a demo such an account would keep the next start from happening (`findDemoAccounts`).
    if (!env.DEMO && mailbox?.endsWith(`@${DEMO_DOMAIN}`))
      fail('INPUT_INVALID', { details: { issues: [{ path: [door.mailbox ?? ''], message: 'a placeholder' }] } });
    // It mails a person's own account alone. Asked for another it would mail nothing, and use that mailbox's budget up.
    if (path === '/send-verification-email') {
      const asker = await options.readSession(caller.cookie);
      if (!asker || asker.isAnonymous || asker.emailVerified || asker.email.toLowerCase() !== mailbox)
        fail('SIGN_IN_REQUIRED');
    }
    const standing = mailbox === null ? null : await readStanding(db.auth.sql, mailbox);
    const counted = await counts.byDoor(ask, door, mailbox, standing);
    // It takes as long where there is nobody to mail to.
    if (path === '/request-password-reset' && !standing?.userId) void resetMail('nobody').catch(() => {});

    if (path === '/sign-up/email')
      return startSignUp(body as unknown as Parameters<typeof startSignUp>[0], standing?.stamp !== '');

    if (path === '/reset-password') {
      const ended = await claimResetLink(db.auth, String(body.token));
      if (!ended) return Response.json({ code: 'INVALID_TOKEN', message: 'Invalid token' }, { status: 400 });
      for (const id of ended) options.live().endSession(id);
    }

    const waiting = path === '/sign-out' ? await options.readPending(caller.cookie) : null;
    if (waiting) {
      await endSession(db.auth.sql, waiting.userId, waiting.sessionId);
      // Leaving instead of showing the second factor: a guest is again who she was, with her tickets. An account is left too.
      const isGuest = (await options.readSession(caller.cookie))?.isAnonymous;
      const left = isGuest ? Response.json({ success: true }) : await askLibrary(ask, body);
      left.headers.append('set-cookie', clearWaiting(env.PUBLIC_URL));
      return left;
    }

    if (path === '/change-password') {
      const actor = await options.readSession(caller.cookie);
      const ended = await changePassword({ db, services: { env } }, actor, body as unknown as PasswordChange);
      if (typeof ended === 'string') return Response.json({ code: ended, message: ended }, { status: REFUSED[ended] });
      for (const id of ended) options.live().endSession(id);
      await counted.giveBack();
      return Response.json({ status: true });
    }

    const answer = await askLibrary(ask, body);
    if (!answer.ok) return answer;
    if (door.signsIn && mailbox !== null) {
      const cookies = await settle(answer, { mailbox, by: door.signsIn, standing });
      // Asked again, it is answered by how things are now.
      if (!cookies) return pass(ask);
      answer.headers.delete('set-cookie');
      for (const cookie of cookies) answer.headers.append('set-cookie', cookie);
    }
    await counted.giveBack();
    if (mailbox === null) return answer;
    if (door.signsIn === 'mail')
      for (const cookie of await finish(mailbox, caller.cookie)) answer.headers.append('set-cookie', cookie);
    if (door.guesses && !counted.isKnown) {
      const { stamp } = await readStanding(db.auth.sql, mailbox);
      if (stamp !== '') answer.headers.append('set-cookie', marks.write('known', mailbox, stamp));
    }
    if (path === '/sign-in/magic-link') answer.headers.append('set-cookie', marks.write('asked', mailbox));
    // Another way in than the sign-up that waits here: it may be somebody else's who sat here before, with a password of his own.
    if (door.sends === 'owner') answer.headers.append('set-cookie', signUps.clear());
    return answer;
  }

  return {
    read: options.readSession,
    links,
    finishSignUp: finish,
    hasAsked: (email, cookie) => marks.read('asked', email, cookie) !== null,
    async handle(request, response) {
      const found = doorOf(request.method, (request as { originalUrl?: string }).originalUrl ?? request.url ?? '');
      if (!found) fail('NOT_FOUND');
      if (request.headers.origin && !isOwnOrigin(request, originRule)) fail('ORIGIN_REFUSED');
      const caller = {
        cookie: request.headers.cookie,
        userAgent: request.headers['user-agent'],
        address: (request as { ip?: string }).ip ?? request.socket.remoteAddress ?? '',
      };
      const answer = await pass({ path: found.path, body: await readJson(options.readBody, request), caller });
      response.statusCode = answer.status;
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
      for (const cookie of answer.headers.getSetCookie()) response.appendHeader('set-cookie', cookie);
      response.end(await answer.text());
    },
    call(path, body, { headers, address }) {
      // The page's own request was checked for its Origin before any action ran.
      const caller = {
        cookie: headers.get('cookie') ?? undefined,
        userAgent: headers.get('user-agent') ?? undefined,
        address,
      };
      return pass({ path, body, caller });
    },
    async signInGuest(requestHeaders) {
      const { headers } = await library.api.signInAnonymous({
        headers: withoutCookie(requestHeaders),
        returnHeaders: true,
      });
      const cookies = headers.getSetCookie();
      const name = sessionCookieName(env.PUBLIC_URL);
      const session = cookies.find((cookie) => cookie.startsWith(`${name}=`))?.split(';', 1)[0];
      const actor = await options.readSession(session);
      if (!actor) throw new Error('a guest was signed in, but her session cannot be read');
      return { actor, cookies };
    },
  };
}

// A stale cookie must not decide anything about a new guest.
function withoutCookie(headers: Headers): Headers {
  const agent = headers.get('user-agent');
  return new Headers(agent ? { 'user-agent': agent } : {});
}

/** A JSON body of at most 16 KB, by the bytes that came. Whatever is not that is refused. */
async function readJson(readBody: ReadBody, request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    fail('INPUT_INVALID', { details: { issues: [] } });
  const body = await readBody(request, BODY_MOST);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    return fail('INPUT_INVALID', { details: { issues: [] }, cause });
  }
}
