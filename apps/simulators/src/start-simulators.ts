import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ASSET_NAMES, loadAsset } from './browser-assets.ts';
import { answerPage, answerRedirect, answerText } from './http/answer.ts';
import { LiveStream } from './http/live-stream.ts';
import { serveInboxWeb } from './inbox/inbox.web.ts';
import { type InboxControls, startInbox } from './inbox/start-inbox.ts';
import { indexPage, notFoundPage } from './pages/page.ts';
import { startStripe } from './stripe/start-stripe.ts';
import { makeControls, type StripeControls } from './stripe/stripe.controls.ts';
import { serveStripeWeb } from './stripe/stripe.web.ts';

/** Nothing here is ever reachable from another machine: browsers come through the main origin's proxy. */
const LOOPBACK = '127.0.0.1';

export interface SimulatorOptions {
  /** 0 (default) picks a free one; the same for `smtpPort`. */
  port?: number;
  smtpPort?: number;
  /** Where signed events go; null (default) until `stripe.setWebhookUrl`. */
  webhookUrl?: string | null;
  /** Default `whsec_simulator`. */
  webhookSecret?: string;
  apiVersion?: string;
  /** Path the browser-facing pages live under, on this server and on the main origin. Default `/simulators`. */
  basePath?: string;
  /** Put before addresses handed to browsers; empty (default) makes them relative to the origin of the page. */
  publicUrl?: string;
  /** Journal of JSON lines that survives a restart; null (default) keeps everything in memory. */
  stateFile?: string | null;
  /** How long processing payments and pending refunds take. Default 1500. */
  settleAfterMs?: number;
  /** First pause before a refused webhook is sent again. Default 200; doubles up to 30 s, 12 attempts. */
  webhookRetryMs?: number;
}

export interface Simulators {
  /** `http://127.0.0.1:<port><basePath>` */
  url: string;
  /** For the SDK: `{ host: '127.0.0.1', port: stripePort, protocol: 'http' }`. */
  stripePort: number;
  smtpPort: number;
  webhookSecret: string;
  stripe: StripeControls;
  inbox: InboxControls;
  stop(): Promise<void>;
}

/** Starts the payment simulator and the mail inbox in this process. `stop` ends every socket and timer of them. */
export async function startSimulators(options: SimulatorOptions = {}): Promise<Simulators> {
  const basePath = (options.basePath ?? '/simulators').replace(/\/$/, '');
  const webhookSecret = options.webhookSecret ?? 'whsec_simulator';
  const paymentsLive = new LiveStream();
  const mailLive = new LiveStream();
  const simulator = startStripe({
    webhookUrl: options.webhookUrl ?? null,
    webhookSecret,
    apiVersion: options.apiVersion ?? '2026-10-28.endive',
    publicBase: `${(options.publicUrl ?? '').replace(/\/$/, '')}${basePath}`,
    stateFile: options.stateFile ?? null,
    settleAfterMs: options.settleAfterMs ?? 1500,
    webhookRetryMs: options.webhookRetryMs ?? 200,
    onChange: () => paymentsLive.changed(),
  });
  const inbox = await startInbox({ port: options.smtpPort ?? 0, onChange: () => mailLive.changed() });

  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else answerText(response, 500, error instanceof Error ? error.message : 'The simulator failed.');
    });
  });
  server.keepAliveTimeout = 60_000;
  let port = options.port ?? 0;
  const listener = {
    open: () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, LOOPBACK, () => {
          server.off('error', reject);
          port = (server.address() as AddressInfo).port;
          resolve();
        });
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const controls = makeControls(simulator.ctx, listener);
  const stripeWeb = { simulator, controls, live: paymentsLive, basePath };
  const inboxWeb = { mailbox: inbox.mailbox, live: mailLive, basePath };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
    const path = url.pathname;
    if (path.startsWith('/v1/')) {
      return simulator.api.serve(request, response, { keys: 'both', path, query: url.search.slice(1) });
    }
    const isUnder = (folder: string) => path === basePath + folder || path.startsWith(`${basePath}${folder}/`);
    if (path === `${basePath}/stripe/stripe.js`) return answerAsset(response, 'stripe.js');
    if (isUnder('/assets')) return answerAsset(response, path.slice(`${basePath}/assets/`.length));
    if (isUnder('/stripe')) return serveStripeWeb(stripeWeb, request, response, url);
    if (isUnder('/inbox')) return serveInboxWeb(inboxWeb, request, response, url);
    if (path === basePath) return answerRedirect(response, `${basePath}/`);
    if (path === `${basePath}/`) {
      const counts = { payments: controls.intents().length, mails: inbox.mailbox.list().length };
      return answerPage(response, indexPage(basePath, counts));
    }
    answerPage(response, notFoundPage(basePath), { status: 404 });
  }

  await listener.open();
  return {
    url: `http://${LOOPBACK}:${port}${basePath}`,
    stripePort: port,
    smtpPort: inbox.port,
    webhookSecret,
    stripe: controls,
    inbox: inbox.controls,
    stop: async () => {
      paymentsLive.stop();
      mailLive.stop();
      simulator.stop();
      await Promise.all([listener.close(), inbox.stop()]);
    },
  };
}

async function answerAsset(response: ServerResponse, name: string): Promise<void> {
  const known = ASSET_NAMES.find((asset) => asset === name);
  if (!known) return answerText(response, 404, 'No such file.');
  const type = known.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  answerText(response, 200, await loadAsset(known), { 'content-type': type, 'cache-control': 'no-cache' });
}
