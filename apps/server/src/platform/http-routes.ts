import type express from 'express';
import type { Ctx } from './context.ts';
import type { RateLimit } from './rate-limits.ts';

/** An HTTP endpoint that is neither tRPC nor a page: webhook, image, PDF, calendar file, CSV, sitemap, upload. */
export interface HttpRoute {
  method: 'get' | 'post';
  /** Express path, e.g. `/posters/:id.webp`. */
  path: string;
  /** `raw`: `request.body` is a Buffer of at most `limitBytes` (default 1 MB), whatever the content type. Default `none`. */
  body?: 'none' | 'raw';
  limitBytes?: number;
  /** Webhooks come from no page: their route says so, and proves its caller by signature. */
  fromAnywhere?: boolean;
  limit?: RateLimit;
  /** `account`: whoever has none is asked to sign in before a byte of the body is read. */
  who?: 'account';
  /** May throw `fail(...)`: answered with its status and words, as JSON or plain text. */
  handle(ctx: Ctx, request: express.Request, response: express.Response): Promise<void>;
}

/** Types a route where it is written: `export const posterRoutes = [defineRoute({...})]`. */
export function defineRoute(route: HttpRoute): HttpRoute {
  return route;
}
