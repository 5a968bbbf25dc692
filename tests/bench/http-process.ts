/** A server of its own for keys over HTTP: the product, the same with its hot path off, or bare node:http with zod. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlaceHold } from '@liventix/contracts/holds';
import { openApp } from './open-app.ts';
import { serveParent } from './start-child.ts';

export interface HttpInput {
  kind: 'product' | 'stock' | 'raw';
  urls: { api: string; engine: string; auth: string };
  secret: string;
}

serveParent({
  async open({ kind, urls, secret }: HttpInput) {
    if (kind !== 'raw') {
      const app = await openApp({
        urls,
        feed: true,
        env: { LIVENTIX_SECRET: secret },
        options: { hotPath: kind === 'product' },
      });
      return app.port;
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
});
