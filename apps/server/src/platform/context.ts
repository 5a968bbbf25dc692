import type { Databases } from '@liventix/db/client';
import type Stripe from 'stripe';
import type { Env } from '../env.ts';
import type { Live } from './live/live.ts';
import type { Logger } from './log.ts';
import type { Mailer } from './mailer.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ReadPublic } from './read-public.ts';
import { type Actor, type Auth, claimsOf } from './sessions.ts';
import type { Switches } from './switches.ts';

export type { Actor } from './sessions.ts';

/** What lives as long as the process. Made once by `createApp`'s caller; no module keeps state of its own. */
export interface Services {
  env: Env;
  db: Databases;
  log: Logger;
  stripe: Stripe;
  mailer: Mailer;
  live: Live;
  auth: Auth;
  limits: RateLimits;
  switches: Switches;
  readPublic: ReadPublic;
}

/** Enough for work that nobody asked for: jobs, webhooks, tickers. Every `Ctx` is a `WorkCtx`. */
export interface WorkCtx {
  services: Services;
  db: Databases;
  log: Logger;
  live: Live;
}

type ReadFn<T> = Parameters<Databases['api']['asPerson']>[1] extends (...args: infer A) => unknown
  ? (...args: A) => Promise<T>
  : never;

/** What every verb that somebody asked for gets. */
export interface Ctx extends WorkCtx {
  actor: Actor | null;
  requestId: string;
  ip: string;
  /** Origin of this installation, e.g. https://liventix.example; for absolute links. */
  origin: string;
  /** Reads under the caller's own rights: row level security decides, as anon or as the signed-in person. */
  read<T>(fn: ReadFn<T>): Promise<T>;
  /** The same for what carries no number of places: a visitor's may come from a read-only copy (see `ReadPublic`). */
  readPublic<T>(fn: ReadFn<T>, isCurrent?: (answer: T) => boolean | Promise<boolean>): Promise<T>;
  /** The request's headers (cookies included); empty for in-process calls without a request. */
  requestHeaders: Headers;
  /** Cookies to set on the answer (silent guest sign-in). */
  responseHeaders: Headers;
}

export interface RequestFacts {
  actor: Actor | null;
  requestId: string;
  ip: string;
  /** A function where making them is left until somebody asks. */
  requestHeaders?: Headers | (() => Headers);
}

/** The context of one request. `become` lets a guest sign-in change who asks, for the rest of the request. */
export function createContext(services: Services, facts: RequestFacts): Ctx {
  let log: Logger | undefined;
  let headers = facts.requestHeaders;
  const ctx: Ctx = {
    services,
    db: services.db,
    get log() {
      log ??= services.log.child({ requestId: facts.requestId });
      return log;
    },
    live: services.live,
    actor: facts.actor,
    requestId: facts.requestId,
    ip: facts.ip,
    origin: services.env.PUBLIC_URL,
    get requestHeaders() {
      if (typeof headers === 'function') headers = headers();
      headers ??= new Headers();
      return headers;
    },
    responseHeaders: new Headers(),
    read: (fn) => services.db.api.asPerson(claimsOf(ctx.actor), fn),
    readPublic: (fn, isCurrent) => services.readPublic(ctx.actor, fn, isCurrent),
  };
  return ctx;
}

/** The context of jobs, tickers and webhooks. */
export function createWorkContext(services: Services, log: Logger = services.log): WorkCtx {
  return { services, db: services.db, log, live: services.live };
}
