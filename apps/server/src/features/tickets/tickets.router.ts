import { ClaimLink, FindOrders, OrderTickets, ReadTicket } from '@liventix/contracts/tickets';
import { limited, personProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { claimLink } from './claim-link.ts';
import { findOrders } from './find-orders.ts';
import { resendTickets } from './mail-tickets.ts';
import { readTicket, readTicketsOfOrder } from './read-ticket.ts';
import { readWallet } from './read-wallet.ts';

// A hall has one address, and everybody looks for a ticket at its door: a mailbox and a browser have a count of their own.
const FIND = { name: 'tickets.find-orders', points: 10, perSeconds: 600, visitorPoints: 300 } as const;
const FIND_HERE = { name: 'tickets.find-orders.here', points: 300, perSeconds: 600, by: 'address' } as const;
// Nobody guesses a link; this is about work.
const CLAIM_HERE = { name: 'tickets.claim-link', points: 300, perSeconds: 600, by: 'address' } as const;

/** What a holder does with tickets. Redeeming is the door's: verbs without a route of their own. */
export const ticketsRouter = router({
  mine: personProcedure.query(({ ctx }) => readWallet(ctx)),
  ofOrder: personProcedure.input(OrderTickets).query(({ ctx, input }) => readTicketsOfOrder(ctx, input)),
  get: personProcedure.input(ReadTicket).query(({ ctx, input }) => readTicket(ctx, input)),
  resend: personProcedure
    .use(limited({ name: 'tickets.resend', points: 5, perSeconds: 600 }))
    .input(OrderTickets)
    .mutation(({ ctx, input }) => resendTickets(ctx, input)),
  findOrders: publicProcedure
    .use(limited(FIND_HERE))
    .use(limited(FIND))
    .input(FindOrders)
    .mutation(({ ctx, input }) => findOrders(ctx, input)),
  claimLink: publicProcedure
    .use(limited(CLAIM_HERE))
    .input(ClaimLink)
    .mutation(({ ctx, input }) => claimLink(ctx, input)),
});
