import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UPLOAD_BYTES_MAX } from '@liventix/contracts/uploads';
import type { Databases } from '@liventix/db/client';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import type Stripe from 'stripe';
import type { Env } from './env.ts';
import { createAuth } from './features/accounts/create-auth.ts';
import { openDrawings } from './features/drawings/draw.ts';
import { httpRoutes } from './http.ts';
import { rooms } from './live.ts';
import { createClock } from './platform/clock.ts';
import { type Actor, type Ctx, createContext, type Services } from './platform/context.ts';
import { fail, LiventixError, retryAfterOf, toLiventixError } from './platform/errors.ts';
import {
  answerOtherUpgrades,
  defaultCaching,
  fewInARow,
  inTurns,
  knowAddresses,
  pagesOnly,
  shortUrls,
  smallBatches,
  wholeBody,
} from './platform/front.ts';
import { createGate } from './platform/gate.ts';
import { headersOf, hotPath } from './platform/hot-path.ts';
import type { HttpRoute } from './platform/http-routes.ts';
import { limitKeyOf } from './platform/limit-key.ts';
import type { AcrossNodes } from './platform/live/across-nodes.ts';
import { createLive, type LiveOptions, type LiveServer } from './platform/live/create-live.ts';
import type { AnyRoom } from './platform/live/define-room.ts';
import { nodesOverRedis } from './platform/live/nodes-over-redis.ts';
import type { Logger } from './platform/log.ts';
import type { Mailer } from './platform/mailer.ts';
import { onHead } from './platform/on-head.ts';
import { clientAddress, isLoopback, isOwnOrigin, mayChange, trustsHop } from './platform/origin.ts';
import { consume, createRateLimits, type RateLimit } from './platform/rate-limits.ts';
import { createBodies, type ReadBody } from './platform/read-body.ts';
import { createReadPublic } from './platform/read-public.ts';
import { createReadiness } from './platform/readiness.ts';
import { connectRedis } from './platform/redis.ts';
import { reportPage } from './platform/report-page.ts';
import { apiHeaders, pageHeaders } from './platform/security-headers.ts';
import { cacheSessions, createReadSession, sessionCookieName, waitingCookieName } from './platform/sessions.ts';
import { SIMULATORS_PATH, simulatorsProxy } from './platform/simulators-proxy.ts';
import { endSlowReaders, type SlowReaders } from './platform/slow-readers.ts';
import { createReadPending } from './platform/standing.ts';
import type { Party } from './platform/take-turns.ts';
import { refusedOnTheWire } from './platform/trpc.ts';
import { createTurns, hasWaited, partyOf } from './platform/turns.ts';
import { appRouter, createCaller, type LoadContext } from './router.ts';

export interface AppOptions {
  env: Env;
  db: Databases;
  log: Logger;
  stripe: Stripe;
  mailer: Mailer;
  /** Port of the simulators on this machine; demo only. */
  simulatorsPort?: number;
  /** `build` serves WEB_BUILD_DIR, `vite` compiles WEB_SOURCE_DIR on the fly, `none` has no pages (API tests). */
  web: 'build' | 'vite' | 'none';
  /** Rooms and routes beside the product's own; tests of the platform bring theirs. */
  rooms?: readonly AnyRoom[];
  routes?: readonly HttpRoute[];
  /** False serves every procedure by the stock adapter; benchmarks compare. Default true. */
  hotPath?: boolean;
  /** How patient we are with who does not read (tests). */
  slowReaders?: SlowReaders;
  /** The way to the other nodes of this installation. Default: over Redis where the environment names one. */
  across?: AcrossNodes;
  /** Settings of the live layer beside the product's own. */
  live?: Pick<LiveOptions, 'limits' | 'directFrames'>;
  /** Names what is missing before traffic may come, e.g. a database that is behind; null when ready. */
  notReady?: () => Promise<string | null>;
  /** Draw documents and pictures, and are the caller's to close. Default: threads of the app's own. */
  drawings?: Services['drawings'];
}

export interface App {
  server: http.Server;
  services: Services;
  live: LiveServer;
  listen(port: number, host: string): Promise<number>;
  /** Answers not ready from now on, stops accepting, finishes what is under way, closes sockets; at most `graceMs`. */
  drain(graceMs?: number): Promise<void>;
}

/** Longer than any common proxy keeps an idle connection (nginx 60 s). */
const PROXY_KEEPS_MS = 75_000;

const API_BODY_BYTES = 256 * 1024;
/** A hold of every tier of an event is a tenth of it; what is longer goes the slower way. */
const HOT_BODY_BYTES = 16 * 1024;
/**
 * Pictures and webhooks under way: six of the largest of an address, ten of all. Ten kilobytes a second is less than any phone
 * sends; what comes slower is there to take a place.
 */
const UPLOADS = {
  lateMs: 10_000,
  leastBytes: 100 * 1024,
  ofAddressBytes: 6 * UPLOAD_BYTES_MAX,
  ofAllBytes: 10 * UPLOAD_BYTES_MAX,
};
/** A page costs up to 20 ms of the one loop, whoever asks and whatever it says. A hall full of buyers has enough of them. */
const PAGES: RateLimit = { name: 'pages', points: 1200, perSeconds: 60, by: 'address' };
/** Whoever has a confirmed account or places is counted by her session: nobody at her address keeps her from her checkout. */
const PAGES_OF_A_PERSON: RateLimit = { name: 'pages.person', points: 240, perSeconds: 60 };
/** How long a connection may wait for its own other end to send or to read; the sockets have a beat of their own. */
const STALLS_FOR_MS = 60_000;
/** How long a request may take to arrive; uploads are the longest. */
const ARRIVES_WITHIN_MS = 120_000;

/** The server of one origin: health, webhooks, auth, tRPC, live, files, pages, in this order (7-stack). */
export async function createApp(options: AppOptions): Promise<App> {
  const { env, db, log } = options;
  const originRule = { origin: new URL(env.PUBLIC_URL).origin, demo: env.DEMO };
  const proxyRule = { trustedProxies: env.TRUST_PROXY, demo: env.DEMO };
  const addressOf = (request: http.IncomingMessage) => clientAddress(request, proxyRule);
  const readBody = createBodies({ addressOf });
  const readUpload = createBodies({ addressOf, ...UPLOADS, tooLarge: 'UPLOAD_TOO_LARGE' });
  const redis = env.REDIS_URL ? connectRedis({ url: env.REDIS_URL, log: log.child({ part: 'redis' }) }) : null;
  const across = options.across ?? (redis ? nodesOverRedis(redis) : null);
  const readSession = createReadSession({ db, publicUrl: env.PUBLIC_URL, secret: env.LIVENTIX_SECRET });
  const readPending = createReadPending({ db, publicUrl: env.PUBLIC_URL, secret: env.LIVENTIX_SECRET });
  const live = createLive({
    rooms: [...rooms, ...(options.rooms ?? [])],
    readSession,
    isAllowedOrigin: (request) => isOwnOrigin(request, originRule),
    addressOf,
    onChanged: (whose) => sessions.drop(whose),
    ...(across ? { across } : {}),
    ...options.live,
  });
  const sessions = cacheSessions({ read: readSession, isHearing: () => live.hearing });
  // Everybody in a demo sits at this one machine. A rehearsal brings an address for each of its buyers, and meets the limits.
  const limits = createRateLimits({
    factorOf: (from) => (env.DEMO && isLoopback(from ?? '127.0.0.1') ? 50 : 1),
    redis,
  });
  const clock = createClock({ sql: db.engine.sql, log: log.child({ part: 'clock' }) });
  const services: Services = {
    env,
    db,
    log,
    clock,
    live,
    limits,
    switches: { sweeping: true, breathing: env.DEMO },
    readPending,
    readPublic: createReadPublic({ db, log: log.child({ part: 'replica' }) }),
    turns: createTurns(),
    stripe: options.stripe,
    mailer: options.mailer,
    drawings: options.drawings ?? openDrawings(log.child({ part: 'drawings' })),
    auth: createAuth({
      env,
      db,
      log,
      mailer: options.mailer,
      limits,
      readSession,
      readPending,
      live: () => live,
      readBody,
    }),
  };

  const actors = new WeakMap<http.IncomingMessage, { reading: Promise<Actor | null>; atMs: number }>();
  /** Whose request it is. Read again when it has waited for its turn: the session may have ended meanwhile. */
  const actorOf = (request: http.IncomingMessage): Promise<Actor | null> => {
    const known = actors.get(request);
    if (known && !hasWaited(known.atMs)) return known.reading;
    const reading = readSession(request.headers.cookie);
    actors.set(request, { reading, atMs: performance.now() });
    return reading;
  };
  const contextOf: ContextOf = async (request, response, isAgain = false) => {
    if (isAgain) actors.delete(request);
    const ctx = createContext(services, {
      actor: await actorOf(request),
      requestId: requestIdOf(response),
      ip: addressOf(request),
      requestHeaders: headersOf(request),
    });
    sendCookiesOf(ctx, response);
    return ctx;
  };

  const web = express();
  web.disable('x-powered-by');
  web.set('trust proxy', (address: string, hop: number) => trustsHop(proxyRule, address, hop));
  web.set('etag', false);
  let draining = false;
  const whyNotReady = createReadiness(options);

  web.use((request, response, next) => {
    const given = env.TRUST_PROXY > 0 ? request.get('x-request-id') : undefined;
    const requestId = given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    response.locals.requestId = requestId;
    response.setHeader('x-request-id', requestId);
    next();
  });
  web.use((request, _response, next) => {
    // It names nothing, so it goes the way of an unknown page.
    if (!isReadablePath(request.path)) request.url = UNKNOWN_PATH;
    if (!isHost(request.headers.host)) throw new LiventixError('INPUT_INVALID', { details: { issues: [] } });
    next();
  });
  const personsCookies = [sessionCookieName(env.PUBLIC_URL), waitingCookieName(env.PUBLIC_URL)];
  web.use(shortUrls, defaultCaching(personsCookies));
  web.get('/healthz', (_request, response) => void response.type('text/plain').send('ok'));
  web.get('/readyz', async (_request, response) => {
    const reason = draining ? 'draining' : await whyNotReady();
    // Nothing is lost by these and nobody is turned away: worth knowing, no reason to send traffic elsewhere.
    const degraded = [...(redis && !redis.ready ? ['redis'] : []), ...(clock.apart ? ['clock'] : [])];
    response
      .status(reason ? 503 : 200)
      .json(reason ? { ready: false, reason } : { ready: true, ...(degraded.length > 0 ? { degraded } : {}) });
  });
  web.use('/trpc', apiHeaders(env));
  const ofPages = express.Router().use(pageHeaders(env));
  web.use((request, response, next) => {
    if (request.path.startsWith('/trpc/')) next();
    else ofPages(request, response, next);
  });

  const routes = [...httpRoutes, ...(options.routes ?? [])];
  for (const route of routes.filter((route) => route.fromAnywhere)) mountRoute(web, route, contextOf, readUpload);
  web.use((request, _response, next) => {
    next(mayChange(request, originRule) ? undefined : new LiventixError('ORIGIN_REFUSED'));
  });
  web.use('/auth', (request, response, next) => {
    // Whatever is done here to the session at hand counts at once, before the feed has told of it.
    const forget = () => sessions.forget(request.headers.cookie);
    forget();
    services.auth.handle(request, response).then(forget, next);
  });
  web.use(
    '/trpc',
    smallBatches,
    wholeBody(readBody, API_BODY_BYTES),
    createExpressMiddleware({
      router: appRouter,
      createContext: ({ req, res }) => contextOf(req, res),
      responseMeta: ({ errors }) => {
        // Of a batch the longest wait counts: the client sends all of it again.
        const waits = errors.map((error) => Number(retryAfterOf(toLiventixError(error))));
        const longest = Math.max(0, ...waits);
        return longest > 0 ? { headers: { 'retry-after': String(longest) } } : {};
      },
    }),
  );
  for (const route of routes.filter((route) => !route.fromAnywhere)) mountRoute(web, route, contextOf, readUpload);
  if (env.DEMO && options.simulatorsPort) web.use(SIMULATORS_PATH, simulatorsProxy(options.simulatorsPort));

  const server = http.createServer(
    fewInARow(
      options.hotPath === false
        ? web
        : hotPath(
            {
              router: appRouter,
              services,
              readSession: sessions.read,
              mayChange: (request) => mayChange(request, originRule),
              addressOf,
              headers: apiHeaders(env),
              maxBodyBytes: HOT_BODY_BYTES,
              log,
            },
            web,
          ),
    ),
  );
  server.timeout = STALLS_FOR_MS;
  server.requestTimeout = ARRIVES_WITHIN_MS;
  // A proxy sends its next request on a connection it kept: we must not be the first to let go of it.
  if (env.TRUST_PROXY > 0) server.keepAliveTimeout = PROXY_KEEPS_MS;
  knowAddresses(server);
  endSlowReaders(server, env.TRUST_PROXY === 0, options.slowReaders);
  answerOtherUpgrades(server, '/socket.io/');
  live.attach(server, services);

  const loadContextOf = async (request: express.Request, response: express.Response): Promise<LoadContext> => {
    const ctx = await contextOf(request, response);
    return {
      api: createCaller(ctx),
      cspNonce: response.locals.cspNonce as string,
      requestId: ctx.requestId,
      origin: ctx.origin,
      actor: ctx.actor,
      pending: (await services.readPending(request.headers.cookie)) !== null,
      demo: env.DEMO,
      auth: (path, body) => services.auth.call(path, body, { headers: ctx.requestHeaders, address: ctx.ip }),
      report: (thrown) => reportPage(ctx.log, thrown),
    };
  };
  const limitPages: express.RequestHandler = async (request, _response, next) => {
    try {
      const actor = await actorOf(request);
      await consume({ services, actor, ip: addressOf(request) }, actor ? PAGES_OF_A_PERSON : PAGES, PAGES);
      next();
    } catch (error) {
      next(error);
    }
  };
  const whose = async (request: express.Request): Promise<Party> =>
    partyOf({ ip: addressOf(request), actor: await actorOf(request) });
  const closePages = await mountPages(web, options, loadContextOf, (serve) => [
    limitPages,
    pagesOnly(readBody, inTurns(services.turns.pages, whose, serve)),
  ]);
  web.use((_request, _response, next) => next(new LiventixError('NOT_FOUND')));
  web.use(answerErrors(log));

  return {
    server,
    services,
    live,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    async drain(graceMs = 8000) {
      draining = true;
      clock.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await live.stop();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      // Keep-alive connections whose last answer just left are idle only a moment later.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      if (server.listening) await closed;
      clearTimeout(cut);
      clearInterval(idle);
      await closePages();
      if (!options.drawings) await Promise.all(Object.values(services.drawings).map((lane) => lane.close()));
      redis?.stop();
    },
  };
}

const UNKNOWN_PATH = '/404';

/** Whether a path can be decoded, and the database could keep what it says: `/%ff` and `/%00` cannot. */
function isReadablePath(path: string): boolean {
  try {
    return !/[\p{Cc}\p{Cs}]/u.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

/** Whether a Host header names a host: pages build addresses with it. */
function isHost(host: string | undefined): boolean {
  return host === undefined || (/^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}`));
}

function requestIdOf(response: express.Response): string {
  return response.locals.requestId as string;
}

/** Cookies that verbs put on `ctx.setCookies` leave with the answer, whoever writes it (tRPC, a page, a route). */
function sendCookiesOf(ctx: Ctx, response: http.ServerResponse): void {
  onHead(response, () => {
    for (const cookie of ctx.setCookies.splice(0)) response.appendHeader('set-cookie', cookie);
  });
}

type ContextOf = (request: express.Request, response: express.Response, isAgain?: boolean) => Promise<Ctx>;

function mountRoute(web: express.Express, route: HttpRoute, contextOf: ContextOf, readUpload: ReadBody): void {
  const isAccounts = route.who === 'account';
  const ofCaller = createGate({ ofOne: isAccounts ? 2 : 32 });
  const atWork = createGate(isAccounts ? { ofOne: 6, ofAll: 18 } : { ofOne: 32 });
  web[route.method](route.path, async (request, response, next) => {
    try {
      const early = await contextOf(request, response);
      if (route.limit) await consume(early, route.limit);
      if (route.body !== 'raw') return await route.handle(early, request, response);
      if (isAccounts && (!early.actor || early.actor.isAnonymous)) fail('SIGN_IN_REQUIRED');
      const from = early.actor?.userId ?? limitKeyOf(early.ip);
      await ofCaller(from, async () => {
        request.body = await readUpload(request, route.limitBytes ?? 1024 * 1024);
        // What waits to be drawn is memory too. A body that is still to come takes no place of those who sent theirs.
        await atWork(limitKeyOf(early.ip), async () =>
          // Once more: while the body came in, the session may have ended.
          route.handle(await contextOf(request, response, true), request, response),
        );
      });
    } catch (error) {
      next(error);
    }
  });
}

type LoadContextOf = (request: express.Request, response: express.Response) => Promise<LoadContext>;

async function mountPages(
  web: express.Express,
  options: AppOptions,
  loadContextOf: LoadContextOf,
  guard: (serve: express.RequestHandler) => express.RequestHandler[],
): Promise<() => Promise<void>> {
  const { env } = options;
  const getLoadContext = loadContextOf as never; // the web app augments Remix's own type with LoadContext; we do not see it
  if (options.web === 'vite') {
    const vite = await import('vite').then(({ createServer }) =>
      createServer({
        root: env.WEB_SOURCE_DIR,
        configFile: path.join(env.WEB_SOURCE_DIR, 'vite.config.ts'),
        server: { middlewareMode: true, hmr: { port: env.PORT + 1, host: '127.0.0.1' } },
        appType: 'custom',
      }),
    );
    web.use(vite.middlewares);
    const build = () => vite.ssrLoadModule('virtual:remix/server-build') as unknown as Promise<ServerBuild>;
    web.all('*', ...guard(createRequestHandler({ build, getLoadContext, mode: 'development' })));
    return () => vite.close();
  }
  if (options.web === 'build') {
    const client = path.join(env.WEB_BUILD_DIR, 'client');
    const entry = path.join(env.WEB_BUILD_DIR, 'server/index.js');
    if (!fs.existsSync(entry)) throw new Error(`The web app is not built: ${entry} is missing. Run: npm run build`);
    web.use(
      '/assets',
      express.static(path.join(client, 'assets'), { immutable: true, maxAge: '1y', fallthrough: true }),
    );
    // Asked for under these names by every client, whatever a page says.
    for (const [asked, icon] of ICONS)
      web.get(asked, (_request, response) => response.sendFile(path.join(client, icon), { maxAge: '1h' }));
    web.use(express.static(client, { maxAge: '1h', index: false }));
    const build = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as ServerBuild;
    web.all('*', ...guard(createRequestHandler({ build, getLoadContext, mode: 'production' })));
  }
  return async () => {};
}

const ICONS = [
  ['/favicon.ico', 'favicon-48.png'],
  ['/apple-touch-icon.png', 'icon-180.png'],
  ['/apple-touch-icon-precomposed.png', 'icon-180.png'],
] as const;

function answerErrors(log: Logger): express.ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toLiventixError(thrown);
    if (error.reference)
      log.error({ reference: error.reference, path: request.path, err: error.cause }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(error.status);
    response.setHeader('cache-control', 'no-store');
    // The rest of what is too large is not read.
    if (error.status === 413) response.setHeader('connection', 'close');
    if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds));
    if (request.originalUrl.startsWith('/trpc/')) {
      response.json(refusedOnTheWire(appRouter, error));
    } else if (request.accepts(['html', 'json']) === 'json') {
      response.json({ code: error.code, words: error.message, details: error.details, reference: error.reference });
    } else {
      response.type('text/plain').send(error.message);
    }
  };
}
