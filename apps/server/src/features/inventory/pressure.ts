/** How hard an event is pressed for places: what is asked of this process, and what it answers. */
import { performance } from 'node:perf_hooks';
import type { Gone } from '../../platform/combine.ts';
import type { WorkCtx } from '../../platform/context.ts';
import { perProcess } from './per-process.ts';

const SLICE_MS = 250;
const SLICES = 8;

/** Counts over the last two seconds, a quarter second at a time. */
export class Meter {
  #counts = new Float64Array(SLICES);
  #slice = 0;
  #startedAt = 0;

  add(count: number, nowMs = performance.now()): void {
    this.#turn(nowMs);
    this.#counts[this.#slice % SLICES] = (this.#counts[this.#slice % SLICES] as number) + count;
  }

  /** Per second, over the last two seconds or since the first count. */
  perSecond(nowMs = performance.now()): number {
    this.#turn(nowMs);
    let sum = 0;
    for (const count of this.#counts) sum += count;
    const spanMs = Math.min(SLICES * SLICE_MS, Math.max(SLICE_MS, nowMs - this.#startedAt));
    return (sum * 1000) / spanMs;
  }

  #turn(nowMs: number): void {
    const slice = Math.floor(nowMs / SLICE_MS);
    if (this.#startedAt === 0 || slice - this.#slice >= SLICES) {
      this.#counts.fill(0);
      this.#startedAt = nowMs;
    } else for (let passed = this.#slice + 1; passed <= slice; passed++) this.#counts[passed % SLICES] = 0;
    this.#slice = slice;
  }
}

export interface Pressure {
  /** Requests for places that arrived, answered or not, refused as BUSY or not. */
  requestsPerSecond: number;
  /** Requests that were decided, yes or no. */
  drainPerSecond: number;
}

interface EventMeters {
  asked: Meter;
  answered: Meter;
}

/** Events whose numbers are remembered; the others are quiet. */
const EVENTS_KEPT = 2000;
const metersOf = perProcess(() => new Map<string, EventMeters>());

function eventMeters(ctx: Pick<WorkCtx, 'services'>, eventId: string): EventMeters {
  const meters = metersOf(ctx);
  let event = meters.get(eventId);
  if (!event) {
    if (meters.size >= EVENTS_KEPT) meters.clear();
    event = { asked: new Meter(), answered: new Meter() };
    meters.set(eventId, event);
  }
  return event;
}

/** Counts one request for places of an event, and its answer when it comes. */
export async function underPressure<T>(
  ctx: Pick<WorkCtx, 'services'>,
  eventId: string,
  decide: () => Promise<T>,
  gone?: Gone,
): Promise<T> {
  const meters = eventMeters(ctx, eventId);
  meters.asked.add(1);
  try {
    const answer = await decide();
    meters.answered.add(1);
    return answer;
  } catch (error) {
    // Hanging up costs a caller nothing, so it is no sign of pressure: one machine would open a waiting room by it.
    if (gone?.aborted) meters.answered.add(1);
    throw error;
  }
}

/**
 * What this process was asked for and what it decided, per second over the last two seconds. As long as it keeps up both
 * are equal; requests in the queue or refused as BUSY make the difference.
 */
export function holdPressure(services: WorkCtx['services'], eventId: string): Pressure {
  const meters = metersOf({ services }).get(eventId);
  if (!meters) return { requestsPerSecond: 0, drainPerSecond: 0 };
  return { requestsPerSecond: meters.asked.perSecond(), drainPerSecond: meters.answered.perSecond() };
}
