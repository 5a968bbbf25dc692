import * as z from 'zod/mini';

export const EMAIL_MOST = 254;

/**
 * An address with its domain as mail servers write it: `anna@müller.example` becomes `anna@xn--mller-kva.example`. One
 * mailbox is one text everywhere: in limits, orders and accounts. What is no domain stays as it is, to be refused.
 */
export function toMailAddress(typed: string): string {
  const at = typed.lastIndexOf('@');
  const domain = typed.slice(at + 1);
  // Plain letters stay as typed; characters that end a host in a URL are no domain's.
  if (at < 1 || !/[^\0-\x7f]/.test(domain) || /[/?#\\:@\s[\]]/.test(domain)) return typed;
  try {
    return `${typed.slice(0, at)}@${new URL(`http://${domain}`).hostname}`;
  } catch {
    return typed;
  }
}

/** An address that mail goes to: trimmed, its domain as mail servers write it, letters before it as typed. */
export const Email = z.pipe(
  z.pipe(z.string().check(z.trim(), z.maxLength(EMAIL_MOST)), z.transform(toMailAddress)),
  z.email().check(z.maxLength(EMAIL_MOST)),
);
