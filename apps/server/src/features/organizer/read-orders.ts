import { roleAllows } from '@liventix/contracts/organizations';
import type {
  AttendeeLine,
  AttendeesView,
  ListAttendees,
  ListOrders,
  OrderRef,
  OrdersView,
  OrganizerOrderView,
} from '@liventix/contracts/organizer';
import type { Ctx } from '../../platform/context.ts';
import {
  isSmallInteger,
  openCursor,
  readCursor,
  refuseCursor,
  sealCursor,
  writeCursor,
} from '../../platform/cursors.ts';
import { fail } from '../../platform/errors.ts';
import { isPlaceholderAddress } from '../../platform/mailer.ts';
import { cardLabel } from '../documents/receipts.rules.ts';
import { problemIn } from '../orders/orders.rules.ts';
import { findStaff, requireRole } from '../organizations/require-role.ts';
import { searchWords } from './organizer.rules.ts';
import {
  countDoor,
  countOrders,
  findOrderEvent,
  listOrderMoves,
  listOrderTickets,
  listOrders as listRows,
  listTicketEvents,
  listAttendees as listTickets,
  readEvent,
  readOrder,
  type TicketRow,
} from './organizer.sql.ts';
import { tellTimeline } from './tell-timeline.ts';

const PAGE = 40;

/** Orders of an event, newest first. Editors see names and what was bought; codes, addresses and amounts need `orders`. */
export async function listOrders(ctx: Ctx, { eventId, q, state = 'all', cursor }: ListOrders): Promise<OrdersView> {
  const { role } = await requireRole(ctx, eventId, 'orders.names');
  const whole = roleAllows(role, 'orders');
  const { sql } = ctx.db.engine;
  const readAt = new Date(ctx.services.clock.now());
  const filter = { words: searchWords(q), state, addresses: whole };
  const [event, rows, count] = await Promise.all([
    readEvent(sql, eventId),
    listRows(sql, eventId, filter, cursor ? readCursor(cursor) : null, PAGE + 1),
    countOrders(sql, eventId, filter),
  ]);
  if (!event) fail('NOT_FOUND');
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  return {
    readAt,
    currency: event.currency,
    timeZone: event.timeZone,
    count,
    nextCursor: last ? writeCursor({ at: last.place, id: last.id }) : null,
    orders: page.map(({ code, email, totalCents, refundedCents, owedCents, place: _place, ...row }) => ({
      ...row,
      owes: owedCents > 0,
      ...(whole ? { code, email: shown(email), totalCents, refundedCents, owedCents } : {}),
    })),
  };
}

/** One order with its tickets, refunds and everything that happened to it. */
export async function readOrganizerOrder(ctx: Ctx, { orderId }: OrderRef): Promise<OrganizerOrderView> {
  const { sql } = ctx.db.engine;
  const eventId = await findOrderEvent(sql, orderId);
  if (!eventId) fail('NOT_FOUND');
  await requireRole(ctx, eventId, 'orders');
  const [row, tickets, happenings, moves] = await Promise.all([
    readOrder(sql, orderId),
    listOrderTickets(sql, orderId),
    listTicketEvents(sql, orderId),
    listOrderMoves(sql, orderId),
  ]);
  if (!row) fail('NOT_FOUND');
  const {
    eventId: _event,
    title,
    timeZone,
    currency,
    email,
    refunds,
    disputes,
    cardBrand,
    cardLast4,
    cancelledAt: _cancelled,
    mailedAt: _mailed,
    ...rest
  } = row;
  return {
    ...rest,
    email: shown(email),
    paymentError: problemIn(row.paymentError),
    paymentLabel: cardLabel(cardBrand, cardLast4),
    event: { id: eventId, title, timeZone, currency },
    tickets: tickets.map((ticket) => attendee(ticket, true)),
    refunds: refunds.map(({ by: _by, createdAt, settledAt, takenBackAt, ...refund }) => ({
      ...refund,
      createdAt: new Date(createdAt),
      settledAt: settledAt ? new Date(settledAt) : null,
      takenBackAt: takenBackAt ? new Date(takenBackAt) : null,
    })),
    disputes: disputes.map(({ respondBy, openedAt, closedAt, ...dispute }) => ({
      ...dispute,
      respondBy: respondBy ? new Date(respondBy) : null,
      openedAt: new Date(openedAt),
      closedAt: closedAt ? new Date(closedAt) : null,
    })),
    timeline: tellTimeline(row, happenings, moves),
  };
}

/** Everybody with a ticket, by number. The door sees name, tier and state; addresses and orders need `orders`. */
export async function listAttendees(ctx: Ctx, { eventId, q, cursor }: ListAttendees): Promise<AttendeesView> {
  const staff = await findStaff(ctx, eventId);
  if (!staff) fail('NOT_FOUND');
  if (!roleAllows(staff.role, 'admit')) fail('ROLE_REQUIRED', { details: { permission: 'admit', role: staff.role } });
  const whole = roleAllows(staff.role, 'orders');
  const { sql } = ctx.db.engine;
  const after = cursor ? readSequence(cursor) : 0;
  const [rows, door] = await Promise.all([
    listTickets(sql, eventId, { words: searchWords(q), addresses: whole }, after, PAGE + 1),
    countDoor(sql, eventId),
  ]);
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  return {
    ...door,
    attendees: page.map((row) => attendee(row, whole)),
    nextCursor: last ? sealCursor([last.sequenceNumber]) : null,
  };
}

function readSequence(cursor: string): number {
  const [sequence] = openCursor(cursor, 1);
  return isSmallInteger(sequence) ? sequence : refuseCursor();
}

function attendee({ email, orderId, orderCode, ...row }: TicketRow, whole: boolean): AttendeeLine {
  return { ...row, ...(whole ? { email: shown(email), orderId, orderCode } : {}) };
}

/** A placeholder of a silent guest is no address. */
export const shown = (email: string | null): string => (email && !isPlaceholderAddress(email) ? email : '');
