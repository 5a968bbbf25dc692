import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { verifyJWT } from 'better-auth/crypto';
import type postgres from 'postgres';
import * as z from 'zod/mini';
import { type MailedLinks, sessionCookieOf } from '../../platform/sessions.ts';
import { findSignInLink, readSeal } from './accounts.sql.ts';

export interface MailedLinksOptions {
  publicUrl: string;
  secret: string;
  /** The sign-in library's login. */
  sql: postgres.Sql;
  /** The library itself, which opens links by GET: nobody outside reaches those addresses. */
  ask: (request: Request) => Promise<Response>;
  /** The cookies that an answer may set. Null when its session does not stand for the mailbox that proved it. */
  settle: (answer: Response, mailbox: string) => Promise<string[] | null>;
}

/** Shape of the library's tokens that prove or change an address. */
const AddressToken = z.object({
  email: z.string(),
  userId: z.string(),
  updateTo: z.optional(z.string()),
  requestType: z.optional(z.string()),
});

/**
 * What mailed links stand for, and opening them. A mailbox's own programs open every link they see, so looking changes
 * nothing; the pages behind the links open them when somebody presses a button (docs/domain.md, "Access").
 */
export function createMailedLinks({
  publicUrl,
  secret,
  sql,
  ask,
  settle,
}: MailedLinksOptions): MailedLinks & { seal(token: string): Promise<string> } {
  const key = createSecretKey(secret, 'utf8');
  const opened = async (path: string, token: string, cookie: string | null): Promise<Response> => {
    const url = new URL(`/auth${path}`, publicUrl);
    url.searchParams.set('token', token);
    const headers = new Headers({ origin: new URL(publicUrl).origin });
    const session = sessionCookieOf(cookie, { publicUrl, secret: key });
    if (session) headers.set('cookie', session);
    return ask(new Request(url, { headers }));
  };
  /**
   * The library's token with our seal: a new password, and the first proof, void every change of address that was asked for
   * before. Whoever was put out by them would else take the account along with a link he has already.
   */
  const seal = async (token: string): Promise<string> => {
    const read = AddressToken.safeParse(await verifyJWT(token, secret));
    const standing = read.success ? await readSeal(sql, read.data.userId, read.data.updateTo !== undefined) : '';
    return `${token}.${createHmac('sha256', key).update(`address-link\n${token}\n${standing}`).digest('base64url')}`;
  };
  const unsealed = (token: string) => token.slice(0, token.lastIndexOf('.'));
  const readAddress: MailedLinks['readAddress'] = async (token) => {
    const read = AddressToken.safeParse(await verifyJWT(unsealed(token), secret));
    if (!read.success || (await seal(unsealed(token))) !== token) return null;
    const { email, userId, updateTo, requestType } = read.data;
    if (!updateTo) return { userId, email, newEmail: null, step: 'prove' };
    if (requestType === 'change-email-confirmation') return { userId, email, newEmail: updateTo, step: 'agree' };
    return requestType === 'change-email-verification' ? { userId, email, newEmail: updateTo, step: 'change' } : null;
  };
  const readSignIn: MailedLinks['readSignIn'] = (token) =>
    findSignInLink(sql, createHash('sha256').update(token).digest('base64url'));
  return {
    readSignIn,
    async openSignIn(token, cookie) {
      const link = await readSignIn(token);
      if (!link) return null;
      const answer = await opened('/magic-link/verify', token, cookie);
      const isRefused = new URL(answer.headers.get('location') ?? '/', publicUrl).searchParams.has('error');
      if (isRefused || answer.headers.getSetCookie().length === 0) return null;
      const cookies = await settle(answer, link.email);
      return cookies && { email: link.email, cookies };
    },
    readAddress,
    seal,
    async agreeAddress(token, cookie) {
      return (await opened('/verify-email', unsealed(token), cookie)).ok;
    },
  };
}
