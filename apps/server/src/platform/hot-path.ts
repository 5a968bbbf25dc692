/**
 * The tRPC wire on bare node:http, for the few mutations that everybody calls in the same second: the same parts in the same
 * order, the same answers byte for byte, without the web framework, the Request and Response objects and tRPC's layers, which
 * make up most of a short call's cost. Whatever is not exactly such a call is left to the stock adapter.
 */
import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AnyTRPCRouter, getErrorShape, TRPCError } from '@trpc/server';
import type { RequestHandler } from 'express';
import type { Gone } from './combine.ts';
import { type Ctx, createContext, type Services } from './context.ts';
import { retryAfterOf, toLiventixError } from './errors.ts';
import type { Logger } from './log.ts';
import { BODY_LATE_MS } from './read-body.ts';
import type { ReadSession } from './sessions.ts';
import { callHot, type HotParts, refusalOf } from './trpc.ts';

export interface HotPathOptions {
  /** Its hot mutations (`hotMutation`) are served here. */
  router: AnyTRPCRouter;
  services: Services;
  readSession: ReadSession;
  /** Whether a request comes from a page of ours; the others are refused by the stock path. */
  mayChange(request: IncomingMessage): boolean;
  addressOf(request: IncomingMessage): string;
  /** The middlewares that write the headers of every answer. */
  headers: readonly RequestHandler[];
  maxBodyBytes: number;
  log: Logger;
}

const PREFIX = '/trpc/';
const NOTHING = Buffer.alloc(0);

interface Hot {
  path: string;
  parts: HotParts;
}

/** The hot mutations of a router, by address. */
function hotOf(router: AnyTRPCRouter): Map<string, Hot> {
  const hot = new Map<string, Hot>();
  const procedures = Object.entries(router._def.procedures as Record<string, { _def: { meta?: { hot?: HotParts } } }>);
  for (const [path, { _def }] of procedures) {
    if (_def.meta?.hot) hot.set(PREFIX + path, { path, parts: _def.meta.hot });
  }
  return hot;
}

class ClientGone extends Error {
  override message = 'the client went away';
}

/** Whether the client went away before it was answered; a tenth of what an AbortController costs. */
class Departure implements Gone {
  aborted = false;
  get reason(): Error {
    return new ClientGone();
  }
}

/** Puts the hot path in front of a listener. */
export function hotPath(options: HotPathOptions, stock: RequestListener): RequestListener {
  const { services, maxBodyBytes } = options;
  const config = options.router._def._config;
  const { input, output } = config.transformer;
  const hot = hotOf(options.router);
  const common = [...recordHeaders(options.headers), 'vary', 'trpc-accept, accept', 'content-type', 'application/json'];
  const trusted = services.env.TRUST_PROXY;

  function isPlain({ headers, method }: IncomingMessage): boolean {
    const length = Number(headers['content-length']);
    return (
      method === 'POST' &&
      headers['content-type'] === 'application/json' &&
      length <= maxBodyBytes &&
      headers.expect === undefined &&
      headers['content-encoding'] === undefined &&
      headers['x-trpc-source'] === undefined &&
      !(headers.accept ?? '').includes('application/jsonl') &&
      headers['trpc-accept'] === undefined
    );
  }

  async function serve({ path, parts }: Hot, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new Departure();
    const given = trusted > 0 ? request.headers['x-request-id'] : undefined;
    const requestId = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    const body = readBody(request, response, gone);
    let ctx: Ctx | undefined;
    let status = 200;
    let text: string;
    let retryAfter: string | null = null;
    try {
      const bytes = await body; // first: while it trickles in, a session may end
      const actor = await options.readSession(request.headers.cookie);
      ctx = createContext(services, {
        actor,
        requestId,
        ip: options.addressOf(request),
        requestHeaders: headersOf.bind(null, request),
      });
      const data = await callHot(parts, ctx, () => parse(bytes, input.deserialize), gone);
      text = JSON.stringify({ result: { data: output.serialize(data) } });
    } catch (thrown) {
      if (thrown instanceof ClientGone || (thrown as Error).cause instanceof ClientGone) return; // nothing went wrong here
      const error = refusalOf(thrown, ctx ?? services, path);
      const shape = getErrorShape({ config, error, type: 'mutation', path, input: undefined, ctx });
      status = (shape.data as { httpStatus: number }).httpStatus; // the formatter of platform/trpc.ts decides, as for the stock adapter
      if (status === 429 || status === 503) retryAfter = retryAfterOf(toLiventixError(error));
      text = JSON.stringify({ error: output.serialize(shape) });
    }
    if (response.destroyed) return; // nobody is left to be told
    const headers = [...common, 'x-request-id', requestId, 'content-length', String(Buffer.byteLength(text))];
    if (ctx) for (const cookie of ctx.setCookies) headers.push('set-cookie', cookie);
    if (retryAfter) headers.push('retry-after', retryAfter);
    response.writeHead(status, headers);
    response.end(text);
  }

  return (request, response) => {
    const procedure = hot.get(request.url ?? '');
    if (!procedure || !isPlain(request) || !options.mayChange(request)) return stock(request, response);
    serve(procedure, request, response).catch((err: unknown) => {
      options.log.warn({ err, path: procedure.path }, 'a hot call could not be answered');
      response.destroy();
    });
  };
}

/** The whole body. Whoever leaves before that, or before she is answered, is noted as gone. */
function readBody(request: IncomingMessage, response: ServerResponse, gone: Departure): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let body: Buffer = NOTHING;
    request.on('data', (chunk: Buffer) => {
      body = body === NOTHING ? chunk : Buffer.concat([body, chunk]);
    });
    const late = setTimeout(() => request.destroy(), BODY_LATE_MS);
    request.on('end', () => {
      clearTimeout(late);
      resolve(body);
    });
    // A request that breaks off throws no error as long as nobody listens for one.
    response.on('close', () => {
      clearTimeout(late);
      if (response.writableFinished) return;
      gone.aborted = true;
      if (!request.complete) reject(gone.reason);
    });
  });
}

function parse(bytes: Buffer, deserialize: (value: unknown) => unknown): unknown {
  try {
    return deserialize(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new TRPCError({ code: 'PARSE_ERROR', cause });
  }
}

/** A request's headers as the web's own object. */
export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** What the middlewares write, once for all answers: raw names and values in turn. */
function recordHeaders(middlewares: readonly RequestHandler[]): string[] {
  const request = new http.IncomingMessage(null as never);
  const response = new http.ServerResponse(request);
  for (const middleware of middlewares) {
    let passed = false;
    void middleware(request as never, response as never, (error?: unknown) => {
      if (error) throw error;
      passed = true;
    });
    if (!passed) throw new Error('A middleware of the headers answered by itself.');
  }
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}
