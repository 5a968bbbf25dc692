/** The health of all events and of the work behind them, for the platform's own staff. One event: `organizer.ts`. */
import type { HealthFinding } from './organizer.ts';

export interface EventHealthLine {
  eventId: string;
  title: string;
  host: string;
  startAt: Date | null;
  timeZone: string;
  /** Of its page; null for drafts and private events, which the platform's staff does not see either. */
  slug: string | null;
  /** 0 to 100; 100 when nothing disagrees. */
  score: number;
  findings: HealthFinding[];
}

export interface AllHealthView {
  /** The worst first, then what starts last; at most `EVENTS_OF_HEALTH_MAX`. */
  events: EventHealthLine[];
  /** All events there are, and those of them with a finding. */
  count: number;
  ailing: number;
  /** `waiting`: due and not done. `failed`: tried as often as a job is, and given up. */
  jobs: { waiting: number; failed: number };
  /** `waiting`: stored and not worked through. `failed`: those of them whose last try ended in an error. */
  webhooks: { waiting: number; failed: number };
  checkedAt: Date;
}

export const EVENTS_OF_HEALTH_MAX = 200;
