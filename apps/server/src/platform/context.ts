import type { Databases, Work } from '@liventix/db/client';
import type Stripe from 'stripe';
import type { Env } from '../env.ts';
import type { Clock } from './clock.ts';
import type { Live } from './live/live.ts';
import type { Logger } from './log.ts';
import type { Mailer } from './mailer.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ReadPublic } from './read-public.ts';
import { type Actor, type Auth, claimsOf } from './sessions.ts';
import { type ReadPending, requireSession } from './standing.ts';
import type { Switches } from './switches.ts';
import { hasWaited, partyOf, type Turns } from './turns.ts';
import type { WorkThread } from './work-thread.ts';

export type { Actor } from './sessions.ts';

/** What lives as long as the process. Made once by `createApp`'s caller; no module keeps state of its own. */
export interface Services {
  env: Env;
  db: Databases;
  log: Logger;
  clock: Clock;
  stripe: Stripe;
  mailer: Mailer;
  live: Live;
  auth: Auth;
  readPending: ReadPending;
  limits: RateLimits;
  switches: Switches;
  readPublic: ReadPublic;
  turns: Turns;
  /** Draw off the loop: buyers' documents, and pictures of all kinds. See `features/drawings`. */
  drawings: Readonly<Record<'documents' | 'pictures', WorkThread>>;
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
  /**
   * One transaction of the engine for whoever asks. Turns go round by address and person, so who waits for a lock keeps nobody from
   * the database. Throws SIGN_IN_REQUIRED when the caller's session ended while it waited.
   */
  write<T>(work: Work<T>): Promise<T>;
  /** The request's headers (cookies included); empty for in-process calls without a request. */
  requestHeaders: Headers;
  /** Cookies to set on the answer, as Set-Cookie writes them. */
  setCookies: string[];
}

export interface RequestFacts {
  actor: Actor | null;
  requestId: string;
  ip: string;
  /** A function where making them is left until somebody asks. */
  requestHeaders?: Headers | (() => Headers);
}

/**
 * The context of one request. A class, and its lazy parts getters of the prototype: getters made anew for each object would
 * give each a shape of its own, which slows every use of it down and keeps it and its request alive until the next full collection.
 */
class RequestContext implements Ctx {
  readonly services: Services;
  readonly db: Databases;
  readonly live: Live;
  actor: Actor | null;
  readonly requestId: string;
  readonly ip: string;
  readonly origin: string;
  readonly setCookies: string[] = [];
  #log: Logger | undefined = undefined;
  #headers: RequestFacts['requestHeaders'];

  constructor(services: Services, facts: RequestFacts) {
    this.services = services;
    this.db = services.db;
    this.live = services.live;
    this.actor = facts.actor;
    this.requestId = facts.requestId;
    this.ip = facts.ip;
    this.origin = services.env.PUBLIC_URL;
    this.#headers = facts.requestHeaders;
  }

  get log(): Logger {
    this.#log ??= this.services.log.child({ requestId: this.requestId });
    return this.#log;
  }

  get requestHeaders(): Headers {
    if (typeof this.#headers === 'function') this.#headers = this.#headers();
    this.#headers ??= new Headers();
    return this.#headers;
  }

  read<T>(fn: ReadFn<T>): Promise<T> {
    return this.services.turns.reads(partyOf(this), () => this.db.api.asPerson(claimsOf(this.actor), fn));
  }

  write<T>(work: Work<T>): Promise<T> {
    const askedMs = performance.now();
    return this.services.turns.changes(partyOf(this), () =>
      this.db.engine.transaction(async (tx, sql) => {
        // What was allowed before the wait was allowed for a session that may have ended meanwhile.
        if (this.actor && hasWaited(askedMs)) await requireSession(sql, this.actor);
        return work(tx, sql);
      }),
    );
  }

  readPublic<T>(fn: ReadFn<T>, isCurrent?: (answer: T) => boolean | Promise<boolean>): Promise<T> {
    return this.services.turns.reads(partyOf(this), () => this.services.readPublic(this.actor, fn, isCurrent));
  }
}

export function createContext(services: Services, facts: RequestFacts): Ctx {
  return new RequestContext(services, facts);
}

/** The context of jobs, tickers and webhooks. */
export function createWorkContext(services: Services, log: Logger = services.log): WorkCtx {
  return { services, db: services.db, log, live: services.live };
}
