import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from '../http/answer.ts';
import { readBody } from '../http/read-body.ts';
import { expandFields } from './expand-fields.ts';
import { type ApiFaultKind, takeApiFault } from './fault-plan.ts';
import { findAnswer, fingerprintOf } from './idempotency.ts';
import { makeId } from './make-id.ts';
import { listOf, parseForm, textOf } from './parse-form.ts';
import type { StripeContext } from './stripe.context.ts';
import { findRoute } from './stripe.routes.ts';
import { refuseInput, StripeRefusal } from './stripe-refusal.ts';

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

interface Door {
  /** Keys that come through this door: the server's (secret) or the browser's (publishable). */
  keys: 'secret' | 'publishable' | 'both';
  /** Path without the part before `/v1`. */
  path: string;
  query: string;
}

/** Answers one API request as Stripe would, through the faults that are planned. */
export class StripeApi {
  #ctx: StripeContext;
  /** Idempotency keys being worked on, with what they ask. */
  #running = new Map<string, string>();

  constructor(ctx: StripeContext) {
    this.#ctx = ctx;
  }

  async serve(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
    const { plan } = this.#ctx;
    const method = request.method ?? 'GET';
    if (plan.apiDown) return resetConnection(response);
    const body = await readBody(request);
    const fault = takeApiFault(plan, method, door.path);
    if (fault) this.#ctx.onChange();
    if (fault === 'reset') return resetConnection(response);
    if (fault === 'rate-limit') return this.#send(response, rateLimited());
    if (fault === 'error') return this.#send(response, serverError());

    const requestId = makeId('req');
    const key = method === 'POST' ? header(request, 'idempotency-key') : undefined;
    const fingerprint = fingerprintOf(`${door.path}?${door.query}`, body);
    if (fault === 'kept-error') {
      const { status, body: kept } = serverError();
      if (key) this.#ctx.books.keep('answer', { id: key, fingerprint, status, body: kept, requestId });
      return this.#send(response, serverError());
    }
    let answer: Answer;
    try {
      const publishable = authorize(request, door, parseForm(door.query, body), plan.keyRevoked);
      const known = key ? findAnswer(this.#ctx.books, this.#running, key, fingerprint) : undefined;
      if (known) {
        const headers = { 'idempotent-replayed': 'true', 'original-request': known.requestId };
        answer = { status: known.status, body: known.body, headers };
      } else {
        if (key) this.#running.set(key, fingerprint);
        if (fault === 'hang') return forgetOnClose(response, () => key && this.#running.delete(key));
        if (plan.apiDelayMs > 0) await pause(plan.apiDelayMs);
        try {
          answer = this.#work(method, door, body, { publishable, requestId, key, fingerprint });
        } finally {
          if (key) this.#running.delete(key);
        }
      }
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      answer = { status: error.status, body: { error: error.error } };
    }
    this.#ctx.books.write();
    this.#deliver(response, answer, fault, { 'request-id': requestId, ...(key ? { 'idempotency-key': key } : {}) });
  }

  /** Does what is asked, in one go: no await between the look and the write, so requests never interleave. */
  #work(method: string, door: Door, body: string, { publishable, requestId, key, fingerprint }: Asked): Answer {
    const form = parseForm(door.query, body);
    const ctx = { ...this.#ctx, cause: { id: requestId, idempotency_key: key ?? null } };
    let answer: Answer;
    let begun = true;
    try {
      const found = findRoute(method, door.path);
      if (!found) throw unknownUrl(method, door.path);
      if (publishable && !found.route.publishable) throw secretKeyRequired();
      const object = found.route.handle({ ctx, id: found.id, form, publishable });
      answer = { status: 200, body: expandFields(ctx, object, listOf(form, 'expand') ?? []) };
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      begun = error.begun;
      answer = { status: error.status, body: { error: error.error } };
    }
    if (!key || !begun) return answer;
    // Kept as it is now: the objects in it go on changing.
    const kept = { id: key, fingerprint, status: answer.status, body: structuredClone(answer.body), requestId };
    ctx.books.keep('answer', kept);
    return answer;
  }

  #deliver(
    response: ServerResponse,
    answer: Answer,
    fault: ApiFaultKind | null,
    headers: Record<string, string>,
  ): void {
    if (fault === 'accept-then-reset') resetConnection(response);
    if (fault === 'accept-then-reset' || fault === 'accept-then-hang') return;
    const sent = fault === 'accept-then-error' ? serverError() : answer;
    this.#send(response, { ...sent, headers: { ...headers, ...sent.headers } });
  }

  #send(response: ServerResponse, answer: Answer): void {
    answerJson(response, answer.status, answer.body, {
      'stripe-version': this.#ctx.settings.apiVersion,
      ...answer.headers,
    });
  }
}

interface Asked {
  publishable: boolean;
  requestId: string;
  key: string | undefined;
  fingerprint: string;
}

/** True for the browser's key; refuses everything that is no test key, or comes through the wrong door. */
function authorize(
  request: IncomingMessage,
  door: Door,
  form: ReturnType<typeof parseForm>,
  revoked: boolean,
): boolean {
  const key = header(request, 'authorization')?.replace(/^Bearer /, '') ?? textOf(form, 'key') ?? '';
  const publishable = key.startsWith('pk_test_');
  if (!publishable && (revoked || !/^(sk|rk)_test_/.test(key))) {
    const message = key
      ? `Invalid API Key provided: ${key.slice(0, 7)}***`
      : 'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.';
    throw new StripeRefusal(401, { type: 'invalid_request_error', message }, false);
  }
  if (door.keys === 'publishable' && !publishable) {
    refuseInput(undefined, 'Only a publishable key may be used from a browser.');
  }
  return publishable;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function secretKeyRequired(): StripeRefusal {
  const message =
    'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.';
  return new StripeRefusal(401, { type: 'invalid_request_error', code: 'secret_key_required', message }, false);
}

function unknownUrl(method: string, path: string): StripeRefusal {
  const message = `Unrecognized request URL (${method}: ${path}).`;
  return new StripeRefusal(404, { type: 'invalid_request_error', code: 'url_invalid', message }, false);
}

function serverError(): Answer {
  const message = 'Sorry! There was an error while talking to one of our backends. Support has been notified.';
  return { status: 500, body: { error: { type: 'api_error', message } } };
}

function rateLimited(): Answer {
  const message = 'Request rate limit exceeded.';
  return {
    status: 429,
    body: { error: { type: 'invalid_request_error', code: 'rate_limit', message } },
    headers: { 'stripe-should-retry': 'true' },
  };
}

function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function forgetOnClose(response: ServerResponse, forget: () => void): void {
  response.on('close', forget);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
