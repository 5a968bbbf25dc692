import { accountsJobs } from './features/accounts/accounts.jobs.ts';
import { eventsJobs } from './features/events/events.jobs.ts';
import type { AnyJob } from './platform/jobs.ts';

/** Every job of the product: one line per feature. */
export const jobs: readonly AnyJob[] = [...accountsJobs, ...eventsJobs];
