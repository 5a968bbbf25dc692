import { accountsJobs } from './features/accounts/accounts.jobs.ts';
import { analyticsJobs } from './features/analytics/analytics.jobs.ts';
import { demoJobs } from './features/demo/demo.jobs.ts';
import { disputesJobs } from './features/disputes/disputes.jobs.ts';
import { eventsJobs } from './features/events/events.jobs.ts';
import { holdsJobs } from './features/holds/holds.jobs.ts';
import { mediaJobs } from './features/media/media.jobs.ts';
import { ordersJobs } from './features/orders/orders.jobs.ts';
import { organizationsJobs } from './features/organizations/organizations.jobs.ts';
import { organizerJobs } from './features/organizer/organizer.jobs.ts';
import { paymentsJobs } from './features/payments/payments.jobs.ts';
import { refundsJobs } from './features/refunds/refunds.jobs.ts';
import { securityJobs } from './features/security/tell-change.ts';
import { ticketsJobs } from './features/tickets/tickets.jobs.ts';
import { waitingRoomJobs } from './features/waiting-room/waiting-room.jobs.ts';
import type { AnyJob } from './platform/jobs.ts';

/** Every job of the product: one line per feature. */
export const jobs: readonly AnyJob[] = [
  ...accountsJobs,
  ...analyticsJobs,
  ...demoJobs,
  ...eventsJobs,
  ...ticketsJobs,
  ...holdsJobs,
  ...mediaJobs,
  ...ordersJobs,
  ...organizationsJobs,
  ...securityJobs,
  ...paymentsJobs,
  ...refundsJobs,
  ...disputesJobs,
  ...organizerJobs,
  ...waitingRoomJobs,
];
