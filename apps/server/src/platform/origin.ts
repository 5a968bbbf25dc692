import type { IncomingMessage } from 'node:http';

export interface OriginRule {
  /** Of this installation: `https://liventix.example`. */
  origin: string;
  /** In demo a page may be reached by any loopback name: its own origin is the one it was asked under. */
  demo: boolean;
}

function hostOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value)?.split(',')[0]?.trim();
}

const LOOPBACK_NAME = /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether the Origin header of this request names a page of ours. Absent: no. */
export function isOwnOrigin(request: IncomingMessage, rule: OriginRule): boolean {
  const { origin } = request.headers;
  if (!origin) return false;
  if (origin === rule.origin) return true;
  if (!rule.demo) return false;
  try {
    const { host, hostname } = new URL(origin);
    // Any other name may be a stranger's that was pointed at this machine.
    if (!LOOPBACK_NAME.test(hostname)) return false;
    return host === request.headers.host || host === hostOf(request, 'x-forwarded-host');
  } catch {
    return false;
  }
}

/**
 * Whether a request that changes something may go on: from a page of ours, or from no browser at all (no Origin, no
 * cookie: a command line has nothing that a foreign page could misuse).
 */
export function mayChange(request: IncomingMessage, rule: OriginRule): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return true;
  if (request.headers.origin) return isOwnOrigin(request, rule);
  const site = request.headers['sec-fetch-site'];
  if (site) return site === 'same-origin' || site === 'none';
  return !request.headers.cookie;
}

/** Stands for an address that a socket does not know: never an empty one, which is that of a caller of this process. */
const GONE = 'gone';

/** The client's address: the socket's, or what the trusted proxies in front of us wrote. */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? GONE;
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const chain = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return chain[chain.length - trustedProxies] ?? direct;
}

export interface ProxyRule {
  trustedProxies: number;
  /** In demo a proxy on this very machine is believed too: load rehearsals name an address for each of their buyers. */
  demo: boolean;
}

/** The address that limits count by: every reader of it asks here. */
export function clientAddress(request: IncomingMessage, rule: ProxyRule): string {
  return addressOf(
    request,
    trustsHop(rule, request.socket.remoteAddress ?? '', 0) ? Math.max(1, rule.trustedProxies) : 0,
  );
}

/** Whether the proxy this many hops away from us is believed (0 is who connects to us); in the shape express asks. */
export function trustsHop(rule: ProxyRule, address: string, hop: number): boolean {
  return hop < rule.trustedProxies || (hop === 0 && rule.demo && isLoopback(address));
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
