import { eventsRoutes } from './features/events/events.http.ts';
import { mediaRoutes } from './features/media/media.http.ts';
import { organizerRoutes } from './features/organizer/organizer.http.ts';
import { paymentsRoutes } from './features/payments/receive-webhook.ts';
import { ticketsRoutes } from './features/tickets/tickets.http.ts';
import { waitingRoomRoutes } from './features/waiting-room/waiting-room.http.ts';
import type { HttpRoute } from './platform/http-routes.ts';

/** Every HTTP endpoint that is neither tRPC nor a page: one line per feature. */
export const httpRoutes: readonly HttpRoute[] = [
  ...eventsRoutes,
  ...ticketsRoutes,
  ...organizerRoutes,
  ...paymentsRoutes,
  ...mediaRoutes,
  ...waitingRoomRoutes,
];
