/** A server of its own for keys over HTTP: the product, the same with its hot path off, or bare node:http with zod. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlaceHold } from '@liventix/contracts/holds';
import { type OpenApp, openApp } from './open-app.ts';
import { serveParent } from './start-child.ts';

export interface HttpInput {
  kind: 'product' | 'stock' | 'raw';
  urls: { api: string; engine: string; auth: string };
  secret: string;
}

let product: OpenApp | null = null;
let engineUrl = '';
let feed: { stop(): Promise<void> } | null = null;

serveParent({
  async open({ kind, urls, secret }: HttpInput) {
    if (kind !== 'raw') {
      engineUrl = urls.engine;
      product = await openApp({
        urls,
        feed: false,
        env: { LIVENTIX_SECRET: secret },
        options: { hotPath: kind === 'product' },
      });
      return product.port;
    }
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { json } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { json: unknown };
        const { checkoutId } = PlaceHold.parse(json);
        const body = JSON.stringify({ result: { data: { json: { checkoutId } } } });
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
        response.end(body);
      });
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2048, resolve));
    return (server.address() as AddressInfo).port;
  },
  /** Its turn begins: it hears other writers, as every server does. Who waits for her turn must cost the others nothing. */
  async wake() {
    if (!product) return;
    const opened = product.app.live.startFeed({ engineUrl, node: randomUUID() });
    await opened.settled;
    feed = opened;
  },
  async rest() {
    await feed?.stop();
    feed = null;
  },
});
