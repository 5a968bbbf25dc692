import { PassThrough } from 'node:stream';
import type { AppLoadContext, EntryContext, HandleErrorFunction } from '@remix-run/node';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { NonceProvider } from '~/platform/nonce.ts';

/** Unresolved deferred data is given up after this long; React gets one more second to flush the rejections. */
export const streamTimeout = 8_000;

/** What broke in a loader, an action or a page's shell. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (!request.signal.aborted) context.report(error);
};

/**
 * Renders a page. People get the shell as soon as it is ready and the rest streamed; crawlers get the whole page at
 * once, because they do not wait for streamed parts.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  const nonce = loadContext.cspNonce;
  const whole = remixContext.isSpaMode || isbot(request.headers.get('user-agent') ?? '');

  return new Promise((resolve, reject) => {
    let statusCode = status;
    let shellSent = false;
    const send = () => {
      shellSent = true;
      const body = new PassThrough();
      headers.set('Content-Type', 'text/html; charset=utf-8');
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: statusCode }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider value={nonce}>
        <RemixServer context={remixContext} url={request.url} nonce={nonce} abortDelay={streamTimeout} />
      </NonceProvider>,
      {
        nonce,
        [whole ? 'onAllReady' : 'onShellReady']: send,
        onShellError: reject,
        onError(error) {
          statusCode = 500;
          // Errors of the shell reach `onShellError`; what breaks later can only be told to the log.
          if (shellSent) loadContext.report(error);
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}
