import { randomUUID } from 'node:crypto';
import type { Logger } from '../../platform/log.ts';
import type { Mail, Mailer } from '../../platform/mailer.ts';

export type AccountMailBody = Pick<Mail, 'subject' | 'html' | 'text'>;

const TRIES = 3;

/**
 * Mails a link or a code without making the request wait: the answer takes as long whether an account exists or not,
 * and the secret is never written to a table. Three tries, then it is logged; the person can ask again.
 */
export function sendAccountMail(
  ctx: { mailer: Mailer; log: Logger },
  to: string,
  body: AccountMailBody | Promise<AccountMailBody>,
): void {
  const about = `account-${randomUUID()}`;
  void (async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        await ctx.mailer.send({ to, about, ...(await body) });
        return;
      } catch (err) {
        if (attempt === TRIES) {
          ctx.log.error({ err }, 'an account mail could not be sent');
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
      }
    }
  })();
}
