import type express from 'express';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { defineRoute, type HttpRoute } from '../../platform/http-routes.ts';
import { consume, type RateLimit } from '../../platform/rate-limits.ts';
import { drawFor } from '../drawings/draw.ts';
import { printTickets } from './print-tickets.ts';
import { findOwnTicketEvent, listOwnIdsOfOrder, maySeeOrder, readOrderFacts, readTicketEvents } from './tickets.sql.ts';
import { writeReceipt } from './write-receipt.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Drawing one takes a few hundred milliseconds of a core. */
const limit: RateLimit = { name: 'tickets.print', points: 40, perSeconds: 600 };
/** Guests are free to make, addresses are not; a hall's Wi-Fi full of buyers still prints. */
const limitByAddress: RateLimit = { name: 'tickets.print-here', points: 200, perSeconds: 600, by: 'address' };

function idOf(ctx: Ctx, request: express.Request): string {
  const { id = '' } = request.params;
  if (!ctx.actor || !UUID.test(id)) fail('NOT_FOUND');
  return id;
}

function sendPdf(response: express.Response, filename: string, pdf: Buffer): void {
  // Signed codes are in it: nobody between us and the owner keeps a copy.
  response.setHeader('cache-control', 'private, no-store');
  response.setHeader('content-disposition', `inline; filename="${filename}"`);
  response.type('application/pdf').send(pdf);
}

export const ticketsRoutes: readonly HttpRoute[] = [
  defineRoute({
    method: 'get',
    path: '/tickets/:id.pdf',
    limit,
    async handle(ctx, request, response) {
      const id = idOf(ctx, request);
      if (!(await ctx.read((_tx, sql) => findOwnTicketEvent(sql, id)))) fail('NOT_FOUND');
      await consume(ctx, limitByAddress);
      const pdf = await printTickets(ctx, [id]);
      if (!pdf) fail('GONE');
      sendPdf(response, `ticket-${id.slice(-8)}.pdf`, pdf);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/orders/:id/tickets.pdf',
    limit,
    async handle(ctx, request, response) {
      const id = idOf(ctx, request);
      const ids = await ctx.read((_tx, sql) => listOwnIdsOfOrder(sql, id));
      const code = (await readOrderFacts(ctx.db.engine.sql, id))?.code;
      if (ids.length === 0 || !code) fail('NOT_FOUND');
      await consume(ctx, limitByAddress);
      const pdf = await printTickets(ctx, ids);
      if (!pdf) fail('GONE');
      sendPdf(response, `tickets-${code}.pdf`, pdf);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/orders/:id/receipt.pdf',
    limit,
    async handle(ctx, request, response) {
      const id = idOf(ctx, request);
      // Its buyer, or the event's order desk: a receipt carries no code.
      if (!(await ctx.read((_tx, sql) => maySeeOrder(sql, id)))) fail('NOT_FOUND');
      const order = await readOrderFacts(ctx.db.engine.sql, id);
      const event = order && (await readTicketEvents(ctx.db.engine.sql, [order.eventId])).get(order.eventId);
      if (!order || !event) fail('NOT_FOUND');
      await consume(ctx, limitByAddress);
      const pdf = await drawFor(ctx)('receipt', {
        receipt: writeReceipt(order, event),
        timeZone: event.timeZone,
      });
      sendPdf(response, `receipt-${order.code}.pdf`, pdf);
    },
  }),
];
