import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readCookies } from '../../platform/read-cookies.ts';
import { cookiePrefix } from '../../platform/sessions.ts';

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
  const isSecure = publicUrl.startsWith('https:');
  const nameOf = (mark: BrowserMark) => `${cookiePrefix(publicUrl)}.${mark}`;
  const sign = (mark: BrowserMark, email: string, id: string, standing: string) =>
    createHmac('sha256', secret).update(`${mark}\n${email.toLowerCase()}\n${id}\n${standing}`).digest('base64url');
  return {
    write(mark, email, standing = '') {
      const id = randomBytes(12).toString('base64url');
      const parts = [
        `${nameOf(mark)}=${id}.${sign(mark, email, id, standing)}`,
        'Path=/',
        `Max-Age=${COOKIES[mark]}`,
        'HttpOnly',
        'SameSite=Lax',
      ];
      return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ');
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
