import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Env } from '../env.ts';

declare global {
  namespace Express {
    interface Locals {
      cspNonce: string;
      requestId: string;
    }
  }
}

const isHttps = (env: Env): boolean => env.PUBLIC_URL.startsWith('https:');

/** What no page of ours asks a browser for; payment and passkeys are asked for by ourselves and by Stripe's form. */
const PERMISSIONS = [
  ...['accelerometer', 'camera', 'geolocation', 'gyroscope', 'magnetometer', 'microphone', 'midi', 'usb'].map(
    (what) => `${what}=()`,
  ),
  'payment=(self "https://js.stripe.com")',
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
].join(', ');

const common = (env: Env) => ({
  strictTransportSecurity: isHttps(env) ? { maxAge: 31_536_000, includeSubDomains: true } : (false as const),
  referrerPolicy: { policy: 'strict-origin-when-cross-origin' as const },
  crossOriginEmbedderPolicy: false,
});

/**
 * Headers of what the API answers: data that no browser may show, frame or run. The same for every answer; what only speaks
 * of documents, plugins and old browsers is left out, because a rush pays for each line of each answer.
 */
export function apiHeaders(env: Env): RequestHandler[] {
  return [
    (_request, response, next) => {
      response.setHeader('cache-control', 'private, no-store');
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      xFrameOptions: { action: 'deny' },
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
      ...common(env),
    }),
  ];
}

/** Headers of every other answer: a content policy with a nonce of its own, and helmet's rest. */
export function pageHeaders(env: Env): RequestHandler[] {
  const https = isHttps(env);
  const developing = env.NODE_ENV === 'development';
  const stripe = env.STRIPE_SIMULATOR === null;
  const { host } = new URL(env.PUBLIC_URL);
  // Browsers before CSP 3's reading of 'self' want the socket named.
  const sockets = developing ? ['ws:', 'wss:'] : [https ? `wss://${host}` : `ws://${host}`];
  const nonce: RequestHandler = (_request, response, next) => {
    response.setHeader('permissions-policy', PERMISSIONS);
    response.locals.cspNonce = randomBytes(16).toString('base64');
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
      xFrameOptions: { action: 'sameorigin' },
      crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
      ...common(env),
    }),
  ];
}
