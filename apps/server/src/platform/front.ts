/** What is asked of every request before anything reads it: an address of sane length, a method and a body that pages know. */
import http, { type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import type { Request, RequestHandler } from 'express';
import { fail } from './errors.ts';
import { onHead } from './on-head.ts';
import type { ReadBody } from './read-body.ts';
import type { Party, TakeTurns } from './take-turns.ts';

export const URL_MOST = 8 * 1024;
/** Forms of pages are text; pictures have routes of their own. */
export const FORM_BYTES = 64 * 1024;
/** One call costs up to 20 ms of a core, and each counts for the limits by itself. */
export const BATCH_MOST = 20;

const METHODS = ['GET', 'HEAD', 'POST'];
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;
/** What is called like a file would have been served as one, so it is unknown; these are pages. */
const FILE = /^\/\.|\.[a-z][a-z0-9]{0,4}$/i;
const PAGES_LIKE_FILES = /^\/settings\/export\.json$|\.data$/;

/** Refuses what is too long to be an address of ours. */
export const shortUrls: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > URL_MOST) fail('URL_TOO_LONG');
  next();
};

/** Refuses batches of more calls than a page of ours sends. */
export const smallBatches: RequestHandler = (request, _response, next) => {
  if (request.path.split(/,|%2c/i).length > BATCH_MOST)
    fail('INPUT_INVALID', { details: { issues: [{ path: [], message: `At most ${BATCH_MOST} calls in a batch.` }] } });
  next();
};

/** Says how an answer may be kept where nothing else said so: a signed-in person's nowhere, others' not without asking. */
export function defaultCaching(personsCookies: readonly string[]): RequestHandler {
  return (request, response, next) => {
    onHead(response, () => {
      const isPersons = personsCookies.some((name) => request.headers.cookie?.includes(`${name}=`));
      if (!response.hasHeader('cache-control'))
        response.setHeader('cache-control', isPersons ? 'private, no-store' : 'private, no-cache');
    });
    next();
  };
}

/** How long a page has its turn: a shell is made in milliseconds of the loop, what takes longer waits for something else. */
const TURN_MS = 1000;

/** A page is made when it is its visitor's turn. The turn ends when the answer begins: how fast it is read is not ours. */
export function inTurns(
  takeTurns: TakeTurns,
  whose: (request: Request) => Promise<Party>,
  serve: RequestHandler,
): RequestHandler {
  return async (request, response, next) => {
    try {
      await takeTurns(await whose(request), async () => {
        if (response.destroyed) return; // nobody waits for it any more
        await new Promise<void>((end) => {
          const late = setTimeout(end, TURN_MS);
          onHead(response, end);
          response.once('close', end);
          response.once('close', () => clearTimeout(late));
          serve(request, response, next);
        });
      });
    } catch (error) {
      next(error);
    }
  };
}

/** In front of the pages: other methods, bodies that are no form, forms that are too large and unknown files end here. */
export function pagesOnly(readBody: ReadBody, serve: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    try {
      if (!METHODS.includes(request.method)) {
        response.setHeader('allow', METHODS.join(', '));
        fail('METHOD_UNKNOWN');
      }
      if (FILE.test(request.path) && !PAGES_LIKE_FILES.test(request.path)) fail('NOT_FOUND');
      if (request.method !== 'POST') return serve(request, response, next);
      if (!FORM.test(request.headers['content-type'] ?? '')) fail('TYPE_UNREADABLE');
      const bytes = await readBody(request, FORM_BYTES);
      await requireForm(bytes, request.headers['content-type'] ?? '');
      serve(withBody(request, bytes), response, next);
    } catch (error) {
      next(error);
    }
  };
}

/**
 * Reads a call's body before anybody asks whose session it comes with: one that trickles in for minutes would else act for a
 * session that has ended meanwhile.
 */
export function wholeBody(readBody: ReadBody, most: number): RequestHandler {
  return async (request, _response, next) => {
    try {
      if (request.method === 'POST') request.body = (await readBody(request, most)).toString('utf8');
      next();
    } catch (error) {
      next(error);
    }
  };
}

/** Refuses what calls itself a form and is none, and forms with files: pages take words, pictures have routes of their own. */
async function requireForm(bytes: Buffer, type: string): Promise<void> {
  if (!/^multipart/i.test(type)) return;
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null);
  if (!form || [...form.values()].some((value) => typeof value !== 'string'))
    fail('INPUT_INVALID', { details: { issues: [] } });
}

/** The request once more, with a body that was read already. */
function withBody(request: Request, bytes: Buffer): Request {
  const body = Readable.from([bytes], { objectMode: false });
  return new Proxy(request, {
    get(target, key) {
      const from = key in body ? body : target;
      const value: unknown = Reflect.get(from, key);
      return typeof value === 'function' ? value.bind(from) : value;
    },
  });
}

/**
 * Asks every connection where it comes from as it comes: the system forgets that with a reset, and what was sent before is served
 * all the same. Who is gone already is not served.
 */
export function knowAddresses(server: http.Server): void {
  server.on('connection', (socket) => {
    if (!socket.remoteAddress) socket.destroy(); // read once, the socket keeps it
  });
}

/** How many requests may wait on one connection for the answer before theirs. */
const WAITING_MOST = 2;
const waitingOn = new WeakMap<Socket, number>();

/**
 * Node reads requests that come without waiting for answers, and keeps every answer in memory until the one before it is sent: 64 KB
 * of them would be gigabytes. No browser and no proxy sends so (RFC 9112, 9.3.2 lets us close the connection).
 */
export function fewInARow(serve: http.RequestListener): http.RequestListener {
  return (request, response) => {
    // Only the first in the row has the connection.
    if (response.socket) return serve(request, response);
    const waiting = (waitingOn.get(request.socket) ?? 0) + 1;
    if (waiting > WAITING_MOST) return void request.socket.destroy();
    waitingOn.set(request.socket, waiting);
    response.once('close', () => waitingOn.set(request.socket, (waitingOn.get(request.socket) ?? 1) - 1));
    serve(request, response);
  };
}

/**
 * Node hands every request with an `Upgrade` header to who listens for one, and forgets it. What is not for the sockets is
 * answered like any other request (RFC 9110, 7.8) and the connection closed; one with a body is refused.
 */
export function answerOtherUpgrades(server: http.Server, socketPath: string): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (request.url?.startsWith(socketPath)) return;
    socket.on('error', () => socket.destroy());
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
        socket.destroy(),
      );
    const response = new http.ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as never);
    response.once('finish', () => (socket as Socket).destroySoon());
    server.emit('request', request, response);
  });
}
