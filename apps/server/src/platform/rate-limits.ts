import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Ctx } from './context.ts';
import { fail } from './errors.ts';
import { limitKeyOf } from './limit-key.ts';
import { shortKeyOf, Windows } from './limit-windows.ts';
import type { Redis } from './redis.ts';
import { isBuying } from './standing.ts';

export interface RateLimit {
  /** The route or action; limits of one name share their counts. */
  name: string;
  points: number;
  perSeconds: number;
  /** Whose tries are counted. `person` falls back to the address for nobody. Default: person. */
  by?: 'person' | 'address';
  /** Points of callers without a session: they are counted by their address, which many people may share. Default: `points`. */
  visitorPoints?: number;
}

/** Seconds to wait, or null when the try is granted. */
type Wait = number | null;

/** Counts tries: of all nodes together where they share a Redis, else of this process, so that a limit is points x nodes. */
export interface RateLimits {
  /**
   * Counts one try and answers null, or the seconds to wait. The key of a limit by address is an address as it came.
   * `address`: where the try came from, when that is known.
   */
  take(limit: RateLimit, key: string, points?: number, address?: string): Wait | Promise<Wait>;
  /** Takes a counted try back: it turned out to be none. */
  giveBack(limit: RateLimit, key: string, points?: number, address?: string): void | Promise<void>;
  /** Forgets what this process counted; tests that share an app between cases use it. */
  clear(): void;
}

export interface RateLimitsOptions {
  /** The limits of who comes from this address times this. Default 1. */
  factorOf?: (address: string | undefined) => number;
  /** Where nodes count together. While it is away or hangs, each counts for itself: nobody is refused or let in for that. */
  redis?: Redis | null;
}

interface Rule {
  keyPrefix: string;
  points: number;
  /** Seconds. */
  duration: number;
}

type Take = (key: string, points: number) => Wait | Promise<Wait>;

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Counts of this process. */
function alone(rule: Rule): (key: string, points: number) => Wait {
  const windows = new Windows(rule);
  return (key, points) => {
    const waitMs = windows.take(key, points);
    return waitMs === null ? null : secondsOf(waitMs);
  };
}

const keyOf = (limit: RateLimit, key: string): string => shortKeyOf(limit.by === 'address' ? limitKeyOf(key) : key);

export function createRateLimits({ factorOf = () => 1, redis = null }: RateLimitsOptions = {}): RateLimits {
  const takes = new Map<RateLimit['name'], Map<number, Take>>();
  const takeOf = (limit: RateLimit, factor: number): Take => {
    const most = Math.ceil(limit.points * factor);
    const known = takes.get(limit.name)?.get(most);
    if (known) return known;
    const rule: Rule = {
      keyPrefix: `limit:${limit.name}:${most}/${limit.perSeconds}`,
      points: most,
      duration: limit.perSeconds,
    };
    const own = alone(rule);
    const take = redis ? together(redis, rule, own) : own;
    takes.set(limit.name, (takes.get(limit.name) ?? new Map<number, Take>()).set(most, take));
    return take;
  };
  return {
    take: (limit, key, points = 1, address = undefined) => takeOf(limit, factorOf(address))(keyOf(limit, key), points),
    giveBack(limit, key, points = 1, address = undefined) {
      const given = takeOf(limit, factorOf(address))(keyOf(limit, key), -points);
      if (given instanceof Promise) return given.then(() => {});
    },
    clear() {
      takes.clear();
    },
  };
}

/** One count for all nodes; this process's own while Redis does not answer. Whoever is over the limit is refused by memory. */
function together(redis: Redis, rule: Rule, own: ReturnType<typeof alone>): Take {
  const shared = new RateLimiterRedis({
    ...rule,
    storeClient: redis.client,
    useRedisPackage: true,
    // A flood over the limit costs Redis nothing: it is known here until its time is over.
    inMemoryBlockOnConsumed: rule.points + 1,
  });
  return async (key, points) => {
    try {
      await redis.ask(() => (points < 0 ? shared.reward(key, -points) : shared.consume(key, points)));
      return null;
    } catch (refused) {
      const { msBeforeNext } = refused as { msBeforeNext?: number };
      return msBeforeNext === undefined ? own(key, points) : secondsOf(msBeforeNext);
    }
  };
}

/** What guests and unconfirmed accounts of one address have together, in shares of one of them: a hall, not a machine. */
const GUESTS_OF_AN_ADDRESS = 10;

/** Whose tries are counted. */
type Caller = Pick<Ctx, 'actor' | 'ip' | 'services'>;

/**
 * Counts one try of the caller; throws RATE_LIMITED with `retryAfterSeconds`. A guest costs nothing to become, nor does an
 * account that confirms nothing: all of an address share `ofAddress` as well, by default ten times what one of them has. Who is
 * buying is counted by herself alone: nobody at her address keeps her from paying. What such people cost goes by turns.
 */
export function consume(ctx: Caller, limit: RateLimit, ofAddress?: RateLimit): void | Promise<void> {
  const { actor } = ctx;
  const own = consumeOne(ctx, limit);
  if (!actor || actor.emailVerified || limit.by === 'address') return own;
  const ofAll = ofAddress ?? sharedOf(limit);
  return own ? own.then(() => consumeShared(ctx, ofAll)) : consumeShared(ctx, ofAll);
}

const shared = new WeakMap<RateLimit, RateLimit>();

/** What all of an address share of a limit. Made once: every hold of a guest asks for it. */
function sharedOf(limit: RateLimit): RateLimit {
  const known = shared.get(limit);
  if (known) return known;
  const points = Math.max(limit.points * GUESTS_OF_AN_ADDRESS, limit.visitorPoints ?? 0);
  const made: RateLimit = { ...limit, name: `${limit.name}.guests`, points, by: 'address' };
  shared.set(limit, made);
  return made;
}

function consumeShared(ctx: Caller, ofAddress: RateLimit): void | Promise<void> {
  const wait = ctx.services.limits.take(ofAddress, limitKeyOf(ctx.ip), 1, ctx.ip);
  if (wait !== null) return refuseUnlessBuying(ctx, wait);
}

async function refuseUnlessBuying(ctx: Caller, given: Wait | Promise<Wait>): Promise<void> {
  const wait = await given;
  if (wait === null || !ctx.actor) return;
  if (!(await isBuying(ctx.services.db.engine.sql, ctx.actor.userId))) refuse(wait);
}

function consumeOne(ctx: Caller, limit: RateLimit): void | Promise<void> {
  const key = limit.by === 'address' || !ctx.actor ? limitKeyOf(ctx.ip) : ctx.actor.userId;
  const points = ctx.actor ? undefined : limit.visitorPoints;
  const wait = ctx.services.limits.take(points === undefined ? limit : { ...limit, points }, key, 1, ctx.ip);
  return wait instanceof Promise ? wait.then(refuse) : refuse(wait);
}

function refuse(wait: Wait): void {
  if (wait !== null) fail('RATE_LIMITED', { retryAfterSeconds: wait });
}
