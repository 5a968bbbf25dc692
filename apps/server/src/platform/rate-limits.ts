import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Ctx } from './context.ts';
import { fail } from './errors.ts';

export interface RateLimit {
  /** The route or action; limits of one name share their counts. */
  name: string;
  points: number;
  perSeconds: number;
  /** Whose tries are counted. `person` falls back to the address for nobody. Default: person. */
  by?: 'person' | 'address';
}

/** Counts tries in this process; every node counts for itself, so a limit is at most points x nodes. */
export interface RateLimits {
  /** Counts one try and answers null, or the seconds to wait. */
  take(limit: RateLimit, key: string, points?: number): Promise<number | null>;
  /** Forgets everything; tests that share an app between cases use it. */
  clear(): void;
}

/** @param factor all limits times this; the demo traffic and load tests come from one address. */
export function createRateLimits(factor = 1): RateLimits {
  const limiters = new Map<string, RateLimiterMemory>();
  return {
    async take(limit, key, points = 1) {
      const id = `${limit.name}:${limit.points}/${limit.perSeconds}`;
      let limiter = limiters.get(id);
      if (!limiter) {
        limiter = new RateLimiterMemory({
          keyPrefix: id,
          points: Math.ceil(limit.points * factor),
          duration: limit.perSeconds,
        });
        limiters.set(id, limiter);
      }
      try {
        await limiter.consume(key, points);
        return null;
      } catch (refused) {
        const wait = (refused as { msBeforeNext?: number }).msBeforeNext;
        if (wait === undefined) throw refused;
        return Math.max(1, Math.ceil(wait / 1000));
      }
    },
    clear() {
      limiters.clear();
    },
  };
}

/** Counts one try of the caller; throws RATE_LIMITED with `retryAfterSeconds`. In-process page rendering has no limit of its own. */
export async function consume(ctx: Ctx, limit: RateLimit): Promise<void> {
  const key = limit.by === 'address' || !ctx.actor ? ctx.ip : ctx.actor.userId;
  const wait = await ctx.services.limits.take(limit, key);
  if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
}
