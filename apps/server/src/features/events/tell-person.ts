import type { TellMe, UntellMe } from '@liventix/contracts/events';
import type { Ctx, WorkCtx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { ensurePerson } from '../accounts/ensure-person.ts';
import { deleteAlert, upsertAlert } from './events.sql.ts';
import { maySeeEvent } from './may-see-event.ts';

/**
 * Asks for one mail when sales open or a place comes back. An account's own address is used when none is given; a guest
 * gives one. The address is not checked: it gets a single mail, with a way to stop it.
 */
export async function tellMe(ctx: Ctx, { eventId, kind, email }: TellMe): Promise<{ telling: true }> {
  if (!(await maySeeEvent(ctx, eventId))) fail('NOT_FOUND');
  const known = ctx.actor && !ctx.actor.isAnonymous ? ctx.actor.email : null;
  const mailbox = email ?? known;
  if (!mailbox) fail('INPUT_INVALID', { details: { field: 'email' } });
  const person = await ensurePerson(ctx);
  await ctx.db.engine.transaction((_tx, sql) =>
    upsertAlert(sql, { eventId, userId: person.actor.userId, kind, mailbox }),
  );
  return { telling: true };
}

/** Takes the wish back. */
export async function untellMe(ctx: Ctx, { eventId, kind }: UntellMe): Promise<{ telling: false }> {
  const { actor } = ctx;
  if (actor) await ctx.db.engine.transaction((_tx, sql) => deleteAlert(sql, { eventId, userId: actor.userId, kind }));
  return { telling: false };
}

/** Somebody whose money went back because her places were gone hears first when one returns. */
export async function tellWhenPlaceBack(
  ctx: WorkCtx,
  person: { eventId: string; userId: string; mailbox: string },
): Promise<void> {
  await upsertAlert(ctx.db.engine.sql, { ...person, kind: 'place_back' });
}
