import type { AdmitTicket, RedeemTicket, RedeemView, UndoAdmission } from '@liventix/contracts/tickets';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { verifyTicket } from '../documents/verify-ticket.ts';
import { keyRingOf } from './key-ring.ts';
import { type DoorRow, logForged, mayAdmit, readAtDoor, redeemByCode, undoRedeem } from './tickets.sql.ts';

/** The event's door staff only: strangers get NOT_FOUND, members of the team without that role ROLE_REQUIRED. */
async function requireDoor(ctx: Ctx, eventId: string): Promise<PersonCtx> {
  if (!ctx.actor) fail('NOT_FOUND');
  const may = await ctx.read((_tx, sql) => mayAdmit(sql, eventId));
  if (may === null) fail('NOT_FOUND');
  if (!may) fail('ROLE_REQUIRED');
  return ctx as PersonCtx;
}

/**
 * A scan: checks the signature, then admits once by one guarded statement. Every attempt is in the log, and every
 * refusal is an answer (`outcome`), not an error.
 */
export async function redeemTicket(given: Ctx, { eventId, code, gate }: RedeemTicket): Promise<RedeemView> {
  const ctx = await requireDoor(given, eventId);
  const verdict = verifyTicket(keyRingOf(ctx.services.env).public, code);
  if (!verdict.ok) {
    await logForged(ctx.db.engine.sql, { eventId, actorId: ctx.actor.userId, gate: gate ?? null });
    ctx.live.touch('staff', eventId);
    return { outcome: 'forged', ticket: null, redeemedAt: null, gate: null };
  }
  return admit(ctx, eventId, verdict.qrCode, gate ?? null);
}

/** Admission from the list at the door, without a code. A ticket of another event is NOT_FOUND. */
export async function admitTicket(given: Ctx, { eventId, ticketId, gate }: AdmitTicket): Promise<RedeemView> {
  const ctx = await requireDoor(given, eventId);
  const ticket = await readAtDoor(ctx.db.engine.sql, eventId, ticketId);
  if (!ticket) fail('NOT_FOUND');
  return admit(ctx, eventId, ticket.qrCode, gate ?? null);
}

/** Takes an admission back to what the ticket was before. Answers whether it was admitted at all. */
export async function undoAdmission(given: Ctx, { eventId, ticketId }: UndoAdmission): Promise<{ undone: boolean }> {
  const ctx = await requireDoor(given, eventId);
  const ticket = await readAtDoor(ctx.db.engine.sql, eventId, ticketId);
  if (!ticket) fail('NOT_FOUND');
  const undone = await ctx.write((_tx, sql) => undoRedeem(sql, { ticketId, eventId, actorId: ctx.actor.userId }));
  if (undone) announce(ctx, eventId, ticket);
  return { undone };
}

async function admit(ctx: PersonCtx, eventId: string, qrCode: string, gate: string | null): Promise<RedeemView> {
  const result = await ctx.write((_tx, sql) => redeemByCode(sql, { qrCode, eventId, actorId: ctx.actor.userId, gate }));
  const ticket = result.ticketId ? await readAtDoor(ctx.db.engine.sql, eventId, result.ticketId) : null;
  if (ticket && result.outcome === 'admitted') announce(ctx, eventId, ticket);
  else ctx.live.touch('staff', eventId);
  return {
    outcome: result.outcome,
    ticket: ticket && {
      id: ticket.id,
      tierName: ticket.tierName,
      holderName: ticket.holderName,
      sequenceNumber: ticket.sequenceNumber,
    },
    redeemedAt: result.redeemedAt === undefined ? null : new Date(result.redeemedAt),
    gate: result.gate ?? null,
  };
}

function announce(ctx: Ctx, eventId: string, ticket: DoorRow): void {
  ctx.live.touch('user', ticket.ownerId);
  ctx.live.touch('order', ticket.checkoutId);
  ctx.live.touch('staff', eventId);
}
