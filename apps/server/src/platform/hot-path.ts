/**
 * The tRPC wire on bare node:http, for the few procedures that everybody calls in the same second: the same router, the
 * same middlewares, the same answers byte for byte, without the web framework and the Request and Response objects that
 * make up most of a short call's cost. Whatever is not exactly such a call is left to the stock adapter.
 */
import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import {
  type AnyTRPCRouter,
  getErrorShape,
  getTRPCErrorFromUnknown,
  TRPCError,
  transformTRPCResponse,
} from '@trpc/server';
import type { RequestHandler } from 'express';
import { type Ctx, createContext, type Services } from './context.ts';
import { retryAfterOf, toLiventixError } from './errors.ts';
import type { Logger } from './log.ts';
import type { ReadSession } from './sessions.ts';

export interface HotPathOptions {
  router: AnyTRPCRouter;
  /** Mutations served here, by path: `holds.place`. */
  paths: readonly string[];
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

type Procedure = (call: {
  path: string;
  getRawInput(): Promise<unknown>;
  ctx: Ctx;
  type: 'mutation';
  signal: AbortSignal;
  batchIndex: number;
}) => Promise<unknown>;

/** Puts the hot path in front of a listener. */
export function hotPath(options: HotPathOptions, stock: RequestListener): RequestListener {
  const { services, maxBodyBytes } = options;
  const config = options.router._def._config;
  const procedures = new Map<string, { path: string; call: Procedure }>();
  for (const path of options.paths) {
    const call = (options.router._def.procedures as Record<string, Procedure | undefined>)[path];
    if (!call) throw new Error(`The hot path names ${path}, which the router has not.`);
    procedures.set(PREFIX + path, { path, call });
  }
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

  async function serve(
    path: string,
    call: Procedure,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const given = trusted > 0 ? request.headers['x-request-id'] : undefined;
    const requestId = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    const body = readBody(request);
    let ctx: Ctx | undefined;
    let status = 200;
    let answer: unknown;
    let retryAfter: string | null = null;
    try {
      const [actor, bytes] = await Promise.all([options.readSession(request.headers.cookie), body]);
      ctx = createContext(services, {
        actor,
        requestId,
        ip: options.addressOf(request),
        requestHeaders: () => fetchHeaders(request),
      });
      let input: { value: unknown } | undefined;
      const data = await call({
        path,
        ctx,
        type: 'mutation',
        signal: gone.signal,
        batchIndex: 0,
        getRawInput: async () => {
          input ??= { value: parse(bytes, (value) => config.transformer.input.deserialize(value)) };
          return input.value;
        },
      });
      answer = { result: { data } };
    } catch (cause) {
      const shape = getErrorShape({
        config,
        error: getTRPCErrorFromUnknown(cause),
        type: 'mutation',
        path,
        input: undefined,
        ctx,
      });
      status = (shape.data as { httpStatus: number }).httpStatus; // the formatter of platform/trpc.ts decides, as for the stock adapter
      if (status === 429 || status === 503) retryAfter = retryAfterOf(toLiventixError(cause));
      answer = { error: shape };
    }
    if (response.destroyed) return;
    const text = JSON.stringify(transformTRPCResponse(config, answer as Parameters<typeof transformTRPCResponse>[1]));
    const headers = [...common, 'x-request-id', requestId, 'content-length', String(Buffer.byteLength(text))];
    for (const cookie of ctx?.responseHeaders.getSetCookie() ?? []) headers.push('set-cookie', cookie);
    if (retryAfter) headers.push('retry-after', retryAfter);
    response.writeHead(status, headers);
    response.end(text);
  }

  return (request, response) => {
    const procedure = procedures.get(request.url ?? '');
    if (!procedure || !isPlain(request) || !options.mayChange(request)) return stock(request, response);
    serve(procedure.path, procedure.call, request, response).catch((err: unknown) => {
      // The client is gone, or the answer could not be written: nobody is left to be told.
      options.log.warn({ err, path: procedure.path }, 'a hot call could not be answered');
      response.destroy();
    });
  };
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went away'))); // after the end it rejects nothing any more
  });
}

function parse(bytes: Buffer, deserialize: (value: unknown) => unknown): unknown {
  try {
    return deserialize(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new TRPCError({ code: 'PARSE_ERROR', cause });
  }
}

function fetchHeaders(request: IncomingMessage): Headers {
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
