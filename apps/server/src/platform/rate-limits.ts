import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Ctx } from './context.ts';
import { fail } from './errors.ts';
import type { Redis } from './redis.ts';

export interface RateLimit {
  /** The route or action; limits of one name share their counts. */
  name: string;
  points: number;
  perSeconds: number;
  /** Whose tries are counted. `person` falls back to the address for nobody. Default: person. */
  by?: 'person' | 'address';
}

/** Counts tries: of all nodes together where they share a Redis, else of this process, so that a limit is points x nodes. */
export interface RateLimits {
  /** Counts one try and answers null, or the seconds to wait. `address`: where it came from, when that is known. */
  take(limit: RateLimit, key: string, points?: number, address?: string): Promise<number | null>;
  /** Forgets what this process counted; tests that share an app between cases use it. */
  clear(): void;
}

export interface RateLimitsOptions {
  /** The limits of who comes from this address times this. Default 1. */
  factorOf?: (address: string | undefined) => number;
  /** Where nodes count together. While it is away or hangs, each counts for itself: nobody is refused or let in for that. */
  redis?: Redis | null;
}

type Take = (key: string, points: number) => Promise<RateLimiterRes>;

export function createRateLimits({ factorOf = () => 1, redis = null }: RateLimitsOptions = {}): RateLimits {
  const takes = new Map<string, Take>();
  const takeOf = (limit: RateLimit, factor: number): Take => {
    const most = Math.ceil(limit.points * factor);
    const id = `${limit.name}:${most}/${limit.perSeconds}`;
    const known = takes.get(id);
    if (known) return known;
    const rule = { keyPrefix: `limit:${id}`, points: most, duration: limit.perSeconds };
    const own = new RateLimiterMemory(rule);
    const take = redis ? together(redis, rule, own) : (key: string, points: number) => own.consume(key, points);
    takes.set(id, take);
    return take;
  };
  return {
    async take(limit, key, points = 1, address = undefined) {
      try {
        await takeOf(limit, factorOf(address))(key, points);
        return null;
      } catch (refused) {
        const wait = (refused as { msBeforeNext?: number }).msBeforeNext;
        if (wait === undefined) throw refused;
        return Math.max(1, Math.ceil(wait / 1000));
      }
    },
    clear() {
      takes.clear();
    },
  };
}

/** One count for all nodes; this process's own while Redis does not answer. Whoever is over the limit is refused by memory. */
function together(
  redis: Redis,
  rule: { keyPrefix: string; points: number; duration: number },
  own: RateLimiterMemory,
): Take {
  const shared = new RateLimiterRedis({
    ...rule,
    storeClient: redis.client,
    useRedisPackage: true,
    // A flood over the limit costs Redis nothing: it is known here until its time is over.
    inMemoryBlockOnConsumed: rule.points + 1,
  });
  return async (key, points) => {
    try {
      return await redis.ask(() => shared.consume(key, points));
    } catch (refused) {
      if ((refused as { msBeforeNext?: number }).msBeforeNext !== undefined) throw refused;
      return own.consume(key, points);
    }
  };
}

/** Counts one try of the caller; throws RATE_LIMITED with `retryAfterSeconds`. In-process page rendering has no limit of its own. */
export async function consume(ctx: Ctx, limit: RateLimit): Promise<void> {
  const key = limit.by === 'address' || !ctx.actor ? ctx.ip : ctx.actor.userId;
  const wait = await ctx.services.limits.take(limit, key, 1, ctx.ip);
  if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
}
