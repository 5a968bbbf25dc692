import type { WorkCtx } from '../../platform/context.ts';
import type { Mail } from '../documents/mails/render-mail.ts';
import { readEventOwners } from './organizations.sql.ts';

/**
 * Sends a mail to each person who answers for an event's money, at a mailbox that she has proven. `about` names what happened;
 * a repeat has the same Message-ID. Throws when the mail server refuses.
 */
export async function mailOwners(ctx: WorkCtx, eventId: string, mail: Mail, about: string): Promise<void> {
  for (const { userId, email } of await readEventOwners(ctx.db.engine.sql, eventId))
    await ctx.services.mailer.send({ to: email, ...mail, about: `${about}-${userId}` });
}
