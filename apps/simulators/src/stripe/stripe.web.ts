import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, answerPage, answerRedirect, answerText } from '../http/answer.ts';
import type { LiveStream } from '../http/live-stream.ts';
import { readBody } from '../http/read-body.ts';
import { notFoundPage } from '../pages/page.ts';
import { challengePage } from './challenge-page.ts';
import { completeChallenge, returnAddress } from './complete-challenge.ts';
import { runControl } from './run-control.ts';
import type { StripeSimulator } from './start-stripe.ts';
import type { StripeControls } from './stripe.controls.ts';
import { watchPage } from './watch-page.ts';

export interface StripeWeb {
  simulator: StripeSimulator;
  controls: StripeControls;
  live: LiveStream;
  basePath: string;
}

/** Everything under `<base>/stripe` except the script: the watch page, its controls, the challenge, the browser's API. */
export async function serveStripeWeb(
  web: StripeWeb,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname.slice(`${web.basePath}/stripe`.length);
  if (path.startsWith('/v1/')) {
    const door = { keys: 'publishable', path, query: url.search.slice(1) } as const;
    return web.simulator.api.serve(request, response, door);
  }
  if (request.method === 'GET') {
    if (path === '' || path === '/') return answerPage(response, watchPage(web));
    if (path === '/live') return web.live.add(response);
    if (path === '/journal.json') return answerJson(response, 200, web.controls.journal());
  }
  if (request.method === 'POST' && path.startsWith('/controls/')) {
    return serveControl(web, request, response, path.slice('/controls/'.length));
  }
  if (path.startsWith('/3ds/')) return serveChallenge(web, request, response, url, path.slice('/3ds/'.length));
  answerPage(response, notFoundPage(web.basePath), { status: 404 });
}

/** JSON only: another site's page cannot send that without asking first, so it cannot pull these levers. */
async function serveControl(
  web: StripeWeb,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return answerText(response, 415, 'Send JSON.');
  }
  try {
    const input: unknown = JSON.parse((await readBody(request)) || '{}');
    const result = await runControl(web.controls, name, input as Record<string, unknown>);
    answerJson(response, 200, result ?? {});
  } catch (error) {
    answerJson(response, 400, { message: error instanceof Error ? error.message : String(error) });
  }
}

async function serveChallenge(
  web: StripeWeb,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  intentId: string,
): Promise<void> {
  const { ctx } = web.simulator;
  const intent = ctx.books.find('intent', intentId);
  const form = new URLSearchParams(request.method === 'POST' ? await readBody(request) : '');
  const secret = form.get('cs') ?? url.searchParams.get('cs');
  if (!intent || secret !== intent.client_secret) {
    return answerPage(response, notFoundPage(web.basePath), { status: 404 });
  }
  if (request.method !== 'POST') {
    const goesOn = intent.status === 'requires_action' ? null : returnAddress(ctx, intent);
    if (goesOn) return answerRedirect(response, goesOn);
    return answerPage(response, challengePage(web.basePath, intent));
  }
  completeChallenge(ctx, intent, form.get('answer') === 'complete' ? 'complete' : 'fail');
  ctx.books.write();
  ctx.onChange();
  if (request.headers.accept?.includes('application/json')) return answerJson(response, 200, { status: intent.status });
  const next = returnAddress(ctx, intent);
  if (next) answerRedirect(response, next);
  else answerPage(response, challengePage(web.basePath, intent));
}
