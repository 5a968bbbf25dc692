import { wordsFor } from '@liventix/contracts/errors';
import type { Databases } from '@liventix/db/client';
import { accounts, sessions, users, verifications } from '@liventix/db/schema';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { toNodeHandler } from 'better-auth/node';
import { anonymous, emailOTP, magicLink } from 'better-auth/plugins';
import type { Env } from '../../env.ts';
import { fail } from '../../platform/errors.ts';
import type { Live } from '../../platform/live/live.ts';
import type { Logger } from '../../platform/log.ts';
import { GUEST_DOMAIN, isPlaceholderAddress, type Mailer } from '../../platform/mailer.ts';
import { isOwnOrigin } from '../../platform/origin.ts';
import type { RateLimit, RateLimits } from '../../platform/rate-limits.ts';
import { type Auth, COOKIE_PREFIX, type ReadSession, sessionCookieName } from '../../platform/sessions.ts';
import {
  changeAddressMail,
  emailCodeMail,
  magicLinkMail,
  passwordResetMail,
  verifyAddressMail,
} from '../documents/mails/account-mails.tsx';
import { ensureProfile, followAddress } from './accounts.sql.ts';
import { claimMailbox, type MoveCtx, moveGuest, repeatMoves } from './move-guest.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { sendAccountMail } from './send-account-mail.ts';

export interface AuthOptions {
  env: Env;
  db: Databases;
  log: Logger;
  mailer: Mailer;
  limits: RateLimits;
  live: () => Live;
  readSession: ReadSession;
}

const DAY_SECONDS = 86_400;
export const SESSION_SECONDS = 60 * DAY_SECONDS;
const LINK_SECONDS = 30 * 60;
const CODE_SECONDS = 10 * 60;

// Tries at one path from one address, and for one mailbox whatever the address: guessing and flooding are slow.
const BY_ADDRESS: RateLimit = { name: 'auth.address', points: 60, perSeconds: 60, by: 'address' };
const BY_MAILBOX: RateLimit = { name: 'auth.mailbox', points: 10, perSeconds: 300 };

/** The sign-in library with our tables, hashes, mails and rules. Everything about it is in this folder. */
export function createAuth(options: AuthOptions): Auth {
  const { env, db, mailer, limits } = options;
  const log = options.log.child({ part: 'auth' });
  const move: MoveCtx = { db, log, live: options.live };
  const originRule = { origin: new URL(env.PUBLIC_URL).origin, demo: env.DEMO };

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
    database: drizzleAdapter(db.auth.db, {
      provider: 'pg',
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
    }),
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: env.PUBLIC_URL.startsWith('https:'),
      database: { generateId: false }, // the database makes them, in order of time
      ipAddress: { disableIpTracking: true },
    },
    rateLimit: { enabled: false }, // ours, below
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
      autoSignIn: true,
      minPasswordLength: 8,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: verifyPassword },
      resetPasswordTokenExpiresIn: LINK_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, url }) => {
        sendAccountMail({ mailer, log }, user.email, passwordResetMail({ url, minutes: LINK_SECONDS / 60 }));
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: true,
      expiresIn: DAY_SECONDS,
      sendVerificationEmail: async ({ user, url }) => {
        sendAccountMail({ mailer, log }, user.email, verifyAddressMail({ url, minutes: DAY_SECONDS / 60 }));
      },
    },
    user: {
      changeEmail: {
        enabled: true,
        sendChangeEmailConfirmation: async ({ user, newEmail, url }) => {
          sendAccountMail(
            { mailer, log },
            user.email,
            changeAddressMail({ url, newEmail, to: 'former', minutes: DAY_SECONDS / 60 }),
          );
        },
      },
    },
    databaseHooks: {
      user: {
        create: {
          // The library would call a guest "Anonymous", which is a name like any other.
          before: async (user) =>
            (user as { isAnonymous?: boolean }).isAnonymous ? { data: { ...user, name: '' } } : undefined,
          after: async (user) => {
            await ensureProfile(db.engine.sql, user);
            if (user.emailVerified && !isPlaceholderAddress(user.email)) await claimMailbox(move, user.id, user.email);
          },
        },
        update: {
          after: async (user) => {
            await followAddress(db.engine.sql, user.id, user.email);
            if (user.emailVerified && !isPlaceholderAddress(user.email)) await claimMailbox(move, user.id, user.email);
          },
        },
      },
      session: {
        create: {
          // What an earlier sign-in could not finish is finished now.
          after: async (session) => {
            await repeatMoves(move, session.userId);
          },
        },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        const body = ctx.body as { email?: unknown; newEmail?: unknown; name?: unknown } | undefined;
        const mailbox = body?.newEmail ?? body?.email;
        if (typeof mailbox !== 'string') return;
        // Nobody signs in as, or takes, a placeholder address.
        if (isPlaceholderAddress(mailbox.trim()))
          throw new APIError('BAD_REQUEST', { code: 'INPUT_INVALID', message: wordsFor('INPUT_INVALID') });
        const wait = await limits.take(BY_MAILBOX, `${ctx.path} ${mailbox.trim().toLowerCase()}`);
        if (wait !== null) throw tooMany(wait);
      }),
    },
    plugins: [
      anonymous({
        emailDomainName: GUEST_DOMAIN,
        disableDeleteAnonymousUser: true,
        onLinkAccount: ({ anonymousUser, newUser }) => moveGuest(move, anonymousUser.user.id, newUser.user.id),
      }),
      magicLink({
        expiresIn: LINK_SECONDS,
        storeToken: 'hashed',
        sendMagicLink: async ({ email, url }) => {
          sendAccountMail({ mailer, log }, email, magicLinkMail({ url, minutes: LINK_SECONDS / 60 }));
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

  const answer = toNodeHandler(library);
  const countTry = async (path: string, address: string) => {
    const wait = await limits.take(BY_ADDRESS, `${path} ${address}`, 1, address);
    if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
  };
  return {
    read: options.readSession,
    async handle(request, response) {
      const address = (request as { ip?: string }).ip ?? request.socket.remoteAddress ?? '';
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      // Reading one's session is no try at anything.
      if (!path.endsWith('/get-session')) await countTry(path, address);
      if (request.headers.origin && !isOwnOrigin(request, originRule)) fail('ORIGIN_REFUSED');
      await answer(request, response);
    },
    async call(path, body, { headers: from, address }) {
      await countTry(path, address);
      // The page's own request was checked for its Origin before any action ran.
      const headers = new Headers({ 'content-type': 'application/json', origin: new URL(env.PUBLIC_URL).origin });
      for (const name of ['cookie', 'user-agent']) {
        const value = from.get(name);
        if (value) headers.set(name, value);
      }
      return library.handler(
        new Request(`${env.PUBLIC_URL}/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
      );
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

function tooMany(retryAfterSeconds: number): APIError {
  return new APIError(
    'TOO_MANY_REQUESTS',
    { code: 'RATE_LIMITED', message: wordsFor('RATE_LIMITED') },
    {
      'retry-after': String(retryAfterSeconds),
    },
  );
}
