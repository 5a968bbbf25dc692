import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Env } from '../env.ts';
import { nextNonce } from './nonce.ts';

declare global {
  namespace Express {
    interface Locals {
      cspNonce: string;
      requestId: string;
    }
  }
}

/** Headers of every answer: a content policy with a nonce of its own, and helmet's rest. */
export function securityHeaders(env: Env): RequestHandler[] {
  const https = env.PUBLIC_URL.startsWith('https:');
  const developing = env.NODE_ENV === 'development';
  const stripe = env.STRIPE_SIMULATOR === null;
  const { host } = new URL(env.PUBLIC_URL);
  // Browsers before CSP 3's reading of 'self' want the socket named.
  const sockets = developing ? ['ws:', 'wss:'] : [https ? `wss://${host}` : `ws://${host}`];
  const nonce: RequestHandler = (_request, response, next) => {
    response.locals.cspNonce = nextNonce();
    next();
  };
  return [
    nonce,
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          baseUri: ["'none'"],
          objectSrc: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'self'"], // "Side by side" shows two of our own pages
          frameSrc: [
            "'self'",
            ...(stripe ? ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'] : []),
          ],
          scriptSrc: [
            "'self'",
            ...(developing
              ? ["'unsafe-inline'", "'unsafe-eval'"]
              : [
                  (_request: unknown, response: unknown) =>
                    `'nonce-${(response as { locals: { cspNonce: string } }).locals.cspNonce}'`,
                ]),
            "'wasm-unsafe-eval'",
            ...(stripe ? ['https://js.stripe.com', 'https://*.js.stripe.com'] : []),
          ],
          scriptSrcAttr: ["'none'"],
          // Style attributes are how sizes and colours of charts and menus are set; they run nothing.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:', ...(stripe ? ['https://*.stripe.com'] : [])],
          fontSrc: ["'self'", 'data:'],
          mediaSrc: ["'self'", 'blob:'],
          workerSrc: ["'self'", 'blob:'],
          manifestSrc: ["'self'"],
          connectSrc: ["'self'", ...sockets, ...(stripe ? ['https://api.stripe.com', 'https://*.stripe.com'] : [])],
          ...(https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: true } : false,
      xFrameOptions: { action: 'sameorigin' },
      referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
      crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
      crossOriginEmbedderPolicy: false,
    }),
  ];
}
