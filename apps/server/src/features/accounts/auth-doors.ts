import { ResetLink } from '@liventix/contracts/accounts';
import { Email } from '@liventix/contracts/email';
import { plainLine } from '@liventix/contracts/text';
import * as z from 'zod/mini';
import type { MailPurpose } from '../../platform/mail-budget.ts';
import { isPlaceholderAddress } from '../../platform/mailer.ts';
import type { AuthDoor } from '../../platform/sessions.ts';

/**
 * Every way into the sign-in library: what is not in this table does not exist for anybody outside. A request is matched by
 * its raw address, its body must be exactly what the door takes, and all counting happens before the library hears of it.
 */
export interface Door {
  /** Strict: a key that is not named is refused. */
  body: z.ZodMiniType<Record<string, unknown>>;
  /** The field that names a mailbox. */
  mailbox?: 'email' | 'newEmail';
  /** Something is mailed to that mailbox, out of this budget. */
  sends?: MailPurpose;
  /** What a caller could guess here: wrong answers are counted for the mailbox, or for the session's own. */
  guesses?: 'password' | 'code';
  /** A mail goes to the caller's present address too, whatever mailbox is named. */
  mailsCaller?: boolean;
  /** A session is made here, by this: it is looked at again once it is written (`settleSignIn`). */
  signsIn?: 'password' | 'mail';
}

const address = z.pipe(
  Email.check(z.refine((email) => !isPlaceholderAddress(email), 'a placeholder')),
  z.transform((email: string) => email.toLowerCase()),
);
const newPassword = z.string().check(z.minLength(8), z.maxLength(200));
const givenPassword = z.string().check(z.minLength(1), z.maxLength(200));
/** Where a mailed link leads: a path of our own; the page that opens the link looks at it again. */
const callbackURL = z.optional(z.string().check(z.maxLength(500), z.regex(/^\/(?![/\\])[^\p{Cc}\p{Cs}\\]*$/u)));

export const AUTH_DOORS = {
  '/sign-up/email': {
    body: z.strictObject({ name: plainLine(80), email: address, password: newPassword, callbackURL }),
    mailbox: 'email',
    sends: 'others',
  },
  '/sign-in/email': {
    body: z.strictObject({ email: address, password: givenPassword }),
    mailbox: 'email',
    guesses: 'password',
    signsIn: 'password',
  },
  '/sign-in/magic-link': { body: z.strictObject({ email: address, callbackURL }), mailbox: 'email', sends: 'owner' },
  '/email-otp/send-verification-otp': {
    body: z.strictObject({ email: address, type: z.literal('sign-in') }),
    mailbox: 'email',
    sends: 'owner',
  },
  '/sign-in/email-otp': {
    body: z.strictObject({ email: address, otp: z.string().check(z.regex(/^\d{6}$/)) }),
    mailbox: 'email',
    guesses: 'code',
    signsIn: 'mail',
  },
  '/request-password-reset': { body: z.strictObject({ email: address }), mailbox: 'email', sends: 'resets' },
  '/reset-password': {
    body: z.strictObject({ token: ResetLink.shape.token, newPassword }),
  },
  '/send-verification-email': { body: z.strictObject({ email: address }), mailbox: 'email', sends: 'owner' },
  '/change-email': {
    body: z.strictObject({ newEmail: address }),
    mailbox: 'newEmail',
    sends: 'others',
    mailsCaller: true,
  },
  '/change-password': {
    body: z.strictObject({ currentPassword: givenPassword, newPassword }),
    guesses: 'password',
  },
  '/sign-out': { body: z.strictObject({}) },
} as const satisfies Record<AuthDoor, Door>;

/** The door of a raw address under /auth, exactly as it was sent; null for everything else. */
export function doorOf(method: string | undefined, rawUrl: string): { path: AuthDoor; door: Door } | null {
  const path = rawUrl.startsWith('/auth/') ? rawUrl.slice('/auth'.length) : '';
  if (method !== 'POST' || !Object.hasOwn(AUTH_DOORS, path)) return null;
  return { path: path as AuthDoor, door: AUTH_DOORS[path as AuthDoor] };
}
