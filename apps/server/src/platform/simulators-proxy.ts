import http from 'node:http';
import type { RequestHandler } from 'express';

/** Where browsers find the simulators on the main origin. */
export const SIMULATORS_PATH = '/simulators';

// The simulators' own pages are tools of the demo with scripts of their own; they are never there outside it.
const SIMULATORS_POLICY =
  "default-src 'self' data: blob: 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

/** Hands `/simulators/*` to the simulators' port on this machine, path unchanged, streaming both ways. Demo only. */
export function simulatorsProxy(port: number): RequestHandler {
  return (request, response) => {
    const { host: _host, connection: _connection, cookie: _cookie, ...headers } = request.headers;
    const onward = http.request(
      {
        host: '127.0.0.1',
        port,
        method: request.method,
        path: request.originalUrl,
        headers: { ...headers, host: `127.0.0.1:${port}`, 'x-forwarded-host': request.headers.host ?? '' },
      },
      (answer) => {
        response.status(answer.statusCode ?? 502);
        for (const [name, value] of Object.entries(answer.headers)) {
          if (value !== undefined && name !== 'connection' && name !== 'keep-alive') response.setHeader(name, value);
        }
        response.setHeader('content-security-policy', SIMULATORS_POLICY);
        answer.pipe(response);
      },
    );
    onward.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.status(502).type('text/plain').send('The simulators are not running.');
    });
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };
}
