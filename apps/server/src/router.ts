import { accountsRouter } from './features/accounts/accounts.router.ts';
import { demoRouter } from './features/demo/demo.router.ts';
import { eventsRouter } from './features/events/events.router.ts';
import { feedRouter } from './features/feed/feed.router.ts';
import { healthRouter } from './features/health/health.router.ts';
import { holdsRouter } from './features/holds/holds.router.ts';
import { ordersRouter } from './features/orders/orders.router.ts';
import { organizationsRouter } from './features/organizations/organizations.router.ts';
import { organizerRouter } from './features/organizer/organizer.router.ts';
import { paymentsRouter } from './features/payments/payments.router.ts';
import { securityRouter } from './features/security/security.router.ts';
import { ticketsRouter } from './features/tickets/tickets.router.ts';
import { waitingRoomRouter } from './features/waiting-room/waiting-room.router.ts';
import type { Actor } from './platform/context.ts';
import { liveRouter } from './platform/live/live.router.ts';
import type { AuthDoor } from './platform/sessions.ts';
import { createCallerFactory, router } from './platform/trpc.ts';

/** The whole API: one line per feature. */
export const appRouter = router({
  accounts: accountsRouter,
  demo: demoRouter,
  events: eventsRouter,
  feed: feedRouter,
  health: healthRouter,
  holds: holdsRouter,
  live: liveRouter,
  orders: ordersRouter,
  organizations: organizationsRouter,
  organizer: organizerRouter,
  payments: paymentsRouter,
  security: securityRouter,
  tickets: ticketsRouter,
  waitingRoom: waitingRoomRouter,
});

export type AppRouter = typeof appRouter;

/** Calls the API in this process, as whoever the context says: `createCaller(ctx).events.bySlug({ slug })`. */
export const createCaller = createCallerFactory(appRouter);
export type Api = ReturnType<typeof createCaller>;

/** What every loader and action of the web app gets as `context`. Declared here, seen by the web as a type only. */
export interface LoadContext {
  api: Api;
  cspNonce: string;
  requestId: string;
  /** Origin for absolute links, without a trailing slash. */
  origin: string;
  actor: Actor | null;
  /** Whether a session waits for its second factor in this browser, which is until then whoever it was before. */
  pending: boolean;
  /** Whether this is the demo: its bar and banner are shown. */
  demo: boolean;
  /** The sign-in library as whoever asks for this page, for forms; its cookies are in the answer. RATE_LIMITED throws. */
  auth(path: AuthDoor, body: Record<string, unknown>): Promise<Response>;
  /** Tells the log what broke while this page was made. */
  report(thrown: unknown): void;
}
