import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { readCookies } from '../../platform/read-cookies.ts';
import { cookiePrefix, writeCookie } from '../../platform/sessions.ts';

/**
 * What a browser proves about itself without a session, as a signed cookie per idea:
 * - `asked`: it asked for a sign-in link to this mailbox within the last half hour
 * - `known`: somebody signed in to this account here before, so what strangers do with its address does not lock this browser out
 *
 * A mark is for an address, and for what `standing` says: when that has changed, it says nothing any more.
 */
const COOKIES = { asked: 30 * 60, known: 365 * 86_400 } as const;
export type BrowserMark = keyof typeof COOKIES;

export interface BrowserMarks {
  /** A Set-Cookie value. */
  write(mark: BrowserMark, email: string, standing?: string): string;
  /** The random part of a mark that this installation gave to a browser for this address, or null. */
  read(mark: BrowserMark, email: string, cookieHeader: string | undefined, standing?: string): string | null;
}

export function browserMarks({ secret, publicUrl }: { secret: string; publicUrl: string }): BrowserMarks {
  const nameOf = (mark: BrowserMark) => `${cookiePrefix(publicUrl)}.${mark}`;
  const sign = (mark: BrowserMark, email: string, id: string, standing: string) =>
    createHmac('sha256', secret).update(`${mark}\n${email.toLowerCase()}\n${id}\n${standing}`).digest('base64url');
  return {
    write(mark, email, standing = '') {
      const id = randomBytes(12).toString('base64url');
      return writeCookie(publicUrl, nameOf(mark), `${id}.${sign(mark, email, id, standing)}`, COOKIES[mark]);
    },
    read(mark, email, cookieHeader, standing = '') {
      for (const value of readCookies(cookieHeader, nameOf(mark))) {
        const [id = '', signature = ''] = value.split('.', 2);
        const wanted = Buffer.from(sign(mark, email, id, standing));
        const given = Buffer.from(signature);
        if (given.length === wanted.length && timingSafeEqual(given, wanted)) return id;
      }
      return null;
    },
  };
}

/** What somebody typed to sign up with, until her mailbox is proven. */
export interface StartedSignUp {
  email: string;
  name: string;
  passwordHash: string;
  /** When, by the database's clock. */
  at: string;
}

/**
 * Keeps a started sign-up where it was typed: whoever opens the mailed link in another browser gets an account, but never the
 * name and password that a stranger chose for it. Encrypted, so a browser's other readers learn nothing.
 */
export function signUpCookie({ secret, publicUrl }: { secret: string; publicUrl: string }) {
  const name = `${cookiePrefix(publicUrl)}.sign_up`;
  return {
    async write(started: StartedSignUp): Promise<string> {
      const kept = await symmetricEncrypt({ key: secret, data: JSON.stringify(started) });
      return writeCookie(publicUrl, name, kept, COOKIES.asked);
    },
    /** What this browser started for this address, or null. */
    async read(email: string, cookieHeader: string | undefined): Promise<StartedSignUp | null> {
      for (const data of readCookies(cookieHeader, name)) {
        const text = await symmetricDecrypt({ key: secret, data }).catch(() => null);
        const started = text === null ? null : (JSON.parse(text) as StartedSignUp);
        if (started?.email === email.toLowerCase()) return started;
      }
      return null;
    },
    clear: () => writeCookie(publicUrl, name, '', 0),
  };
}
