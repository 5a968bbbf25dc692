import { randomUUID } from 'node:crypto';
import type { Databases } from '@liventix/db/client';
import { freePort } from '@liventix/db/embedded';
import { type TestDatabase, testDatabase } from '@liventix/db/testing';
import { type Simulators, startSimulators } from '@liventix/simulators/start-simulators';
import type { App, AppOptions } from '../app.ts';
import { createApp } from '../app.ts';
import type { Env } from '../env.ts';
import { openDrawings } from '../features/drawings/draw.ts';
import { jobs } from '../jobs.ts';
import {
  type Actor,
  type Ctx,
  createContext,
  createWorkContext,
  type Services,
  type WorkCtx,
} from '../platform/context.ts';
import type { HttpRoute } from '../platform/http-routes.ts';
import { type AnyJob, startWorker, syncCatalogue, type Worker } from '../platform/jobs.ts';
import type { AnyRoom } from '../platform/live/define-room.ts';
import type { Feed } from '../platform/live/feed.ts';
import { createLog } from '../platform/log.ts';
import { createMailer, isPlaceholderAddress, type Mail, type Mailer } from '../platform/mailer.ts';
import type { SlowReaders } from '../platform/slow-readers.ts';
import { createStripe } from '../platform/stripe.ts';
import { type Api, createCaller } from '../router.ts';
import { apiOverHttp } from './api-over-http.ts';
import { CookieJar } from './cookie-jar.ts';
import { insertPerson } from './insert-person.ts';
import { type LiveSocket, openSocket } from './live-socket.ts';
import { proveSecondFactor } from './prove-second-factor.ts';
import { testEnv } from './test-env.ts';

export interface TestAppOptions {
  /** Share one database between two apps; default: a fresh one, dropped at `close`. */
  database?: TestDatabase;
  env?: Partial<Env>;
  rooms?: readonly AnyRoom[];
  routes?: readonly HttpRoute[];
  /** Pages too: `build` needs WEB_BUILD_DIR in `env`. Default none. */
  web?: 'build' | 'none';
  /** Jobs beside the product's own. */
  jobs?: readonly AnyJob[];
  /** Payment simulator and inbox in this process (default), reached by the unmodified SDK. */
  simulators?: boolean;
  /** Settings of the live layer beside the product's own: limits, Socket.IO's own emit. */
  live?: AppOptions['live'];
  across?: AppOptions['across'];
  /** Default: one thread for all apps of a test file; it starts with the first drawing. */
  drawings?: AppOptions['drawings'];
  /** False: every procedure by the stock adapter. */
  hotPath?: boolean;
  slowReaders?: SlowReaders;
  /** Starts the live feed (default) or leaves only this process's own touches. */
  feed?: boolean;
  /** Runs the queue; schedules only tick when `schedules` is true too. Default: neither, tests call handlers. */
  worker?: boolean;
  schedules?: boolean;
}

/** One browser: its cookies, its API, its sockets. */
export interface Visitor {
  jar: CookieJar;
  api: Api;
  /** fetch with its cookies, behind those that are given, and the page's Origin. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  socket(options?: { origin?: string; visitor?: string; from?: string }): Promise<LiveSocket>;
  /** Who the server takes this browser for. */
  actor(): Promise<Actor | null>;
}

export interface TestApp {
  app: App;
  url: string;
  env: Env;
  services: Services;
  database: TestDatabase;
  db: Databases;
  /** A superuser's connection: to age rows and look past policies. */
  admin: TestDatabase['admin'];
  simulators: Simulators | null;
  feed: Feed | null;
  worker: Worker | null;
  /** Every mail sent, newest last. With SMTP_URL in `env` they go there instead. */
  mails: Mail[];
  /** Waits for a mail to an address. */
  mailTo(address: string): Promise<Mail>;
  /** A browser nobody has used. */
  visitor(): Visitor;
  /** A browser that is signed in silently, as after its first hold. */
  guest(): Promise<Visitor & { actor(): Promise<Actor | null> }>;
  /** A browser with a new account, without its mails; its password is "a-good-password", its address proven when asked. */
  signUp(options?: {
    name?: string;
    email?: string;
    verified?: boolean;
    role?: Actor['role'];
    /** The account has a second factor, proven in this session: owners and staff need one for what hurts. */
    secondFactor?: boolean;
  }): Promise<Visitor & { email: string; userId: string }>;
  /** Verbs without HTTP. */
  ctx(actor?: Actor | null): Ctx;
  work(): WorkCtx;
  caller(actor?: Actor | null): Api;
  close(): Promise<void>;
}

const drawings = openDrawings(createLog({ level: 'error' }));

/** The whole server on a port of its own, on a fresh database: what integration tests talk to. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await testDatabase());
  const port = options.env?.PORT ?? (await freePort());
  const webhookSecret = `whsec_${randomUUID().replaceAll('-', '')}`;
  const simulators =
    options.simulators === false
      ? null
      : await startSimulators({
          webhookUrl: `http://127.0.0.1:${port}/webhooks/stripe`,
          webhookSecret,
          settleAfterMs: 200,
          webhookRetryMs: 50,
        });
  const env = testEnv({
    STRIPE_WEBHOOK_SECRETS: [webhookSecret],
    STRIPE_SIMULATOR: { host: '127.0.0.1', port: simulators?.stripePort ?? 9, protocol: 'http' },
    ...options.env,
    PORT: port,
  });
  const log = createLog({ level: env.LOG_LEVEL });
  const mails: Mail[] = [];
  const waiting = new Set<() => void>();
  const keep: Mailer = {
    async send(mail) {
      if (isPlaceholderAddress(mail.to)) return false;
      mails.push(mail);
      for (const check of [...waiting]) check();
      return true;
    },
    close() {},
  };
  const mailer = env.SMTP_URL ? createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, log }) : keep;
  const app = await createApp({
    env,
    db: database.db,
    log,
    mailer,
    stripe: createStripe(env),
    web: options.web ?? 'none',
    ...(simulators ? { simulatorsPort: simulators.stripePort } : {}),
    ...(options.rooms ? { rooms: options.rooms } : {}),
    ...(options.live ? { live: options.live } : {}),
    ...(options.across ? { across: options.across } : {}),
    ...(options.routes ? { routes: options.routes } : {}),
    drawings: options.drawings ?? drawings,
    ...(options.slowReaders ? { slowReaders: options.slowReaders } : {}),
    ...(options.hotPath === undefined ? {} : { hotPath: options.hotPath }),
  });
  await app.listen(port, '127.0.0.1');
  const url = env.PUBLIC_URL;
  const allJobs = [...jobs, ...(options.jobs ?? [])];
  await syncCatalogue(database.db.engine.sql, allJobs);
  const feed =
    options.feed === false
      ? null
      : app.live.startFeed({
          engineUrl: database.urls.engine,
          node: randomUUID(),
          mode: env.LIVE_FEED,
          beatMs: 500,
        });
  await feed?.settled;
  const worker = options.worker
    ? await startWorker({
        ctx: createWorkContext(app.services),
        jobs: allJobs,
        engineUrl: database.urls.engine,
        schedules: options.schedules ?? false,
      })
    : null;

  const visitor = (): Visitor => {
    const jar = new CookieJar();
    const fetchIt: typeof fetch = async (input, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('origin', url);
      const cookies = [headers.get('cookie'), jar.header].filter(Boolean).join('; ');
      if (cookies) headers.set('cookie', cookies);
      const response = await fetch(input, { redirect: 'manual', ...init, headers });
      jar.take(response);
      return response;
    };
    return {
      jar,
      api: apiOverHttp(url, fetchIt),
      fetch: (path, init) => fetchIt(new URL(path, url), init),
      post: (path, body) =>
        fetchIt(new URL(path, url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      socket: (given = {}) => openSocket({ url, cookie: jar.header, ...given }),
      actor: () => app.services.auth.read(jar.header),
    };
  };

  const ctx = (actor: Actor | null = null): Ctx =>
    createContext(app.services, { actor, requestId: randomUUID(), ip: '127.0.0.1' });

  return {
    app,
    url,
    env,
    services: app.services,
    database,
    db: database.db,
    admin: database.admin,
    simulators,
    feed,
    worker,
    mails,
    mailTo: (address) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = mails.findLast((mail) => mail.to === address);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(found);
        };
        const timer = setTimeout(() => reject(new Error(`no mail to ${address}`)), 60_000); // only ends what hangs
        waiting.add(check);
        check();
      }),
    visitor,
    async guest() {
      const browser = visitor();
      const { cookies } = await app.services.auth.signInGuest(new Headers());
      browser.jar.take({ headers: new Headers(cookies.map((cookie): [string, string] => ['set-cookie', cookie])) });
      return browser;
    },
    async signUp({ name = 'Mara', email = `${randomUUID()}@example.test`, verified = false, role, secondFactor } = {}) {
      const browser = visitor();
      const { userId, cookie } = await insertPerson(database.admin, env, { name, email, verified, role });
      browser.jar.take({ headers: new Headers({ 'set-cookie': cookie }) });
      if (secondFactor) await proveSecondFactor(database.admin, userId);
      return { ...browser, email, userId };
    },
    ctx,
    work: () => createWorkContext(app.services),
    caller: (actor) => createCaller(ctx(actor ?? null)),
    async close() {
      await worker?.stop();
      await app.drain(2000);
      await simulators?.stop();
      if (!options.database) await database.drop();
    },
  };
}
