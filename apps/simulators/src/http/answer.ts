import type { ServerResponse } from 'node:http';
import type { Html } from './html.ts';

type Headers = Record<string, string>;

/** Pages carry no inline script; `mailStyles` lets the sandboxed mail frame keep the style attributes mails live by. */
function contentPolicy(mailStyles: boolean): string {
  return [
    "default-src 'self'",
    `style-src 'self'${mailStyles ? " 'unsafe-inline'" : ''}`,
    `img-src 'self' data:${mailStyles ? ' http: https:' : ''}`,
    "object-src 'none'",
    "base-uri 'self'",
  ].join('; ');
}

export function answerText(response: ServerResponse, status: number, text: string, headers: Headers = {}): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Headers = {}): void {
  answerText(response, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function answerPage(
  response: ServerResponse,
  page: Html,
  options: { status?: number; mailStyles?: boolean } = {},
): void {
  answerText(response, options.status ?? 200, page.markup, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentPolicy(options.mailStyles ?? false),
  });
}

/** 303: the browser follows with GET, whatever it sent. */
export function answerRedirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' });
  response.end();
}
