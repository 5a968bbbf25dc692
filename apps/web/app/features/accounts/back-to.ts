/** Only resolves addresses; nothing is ever asked of it. */
const NOWHERE = 'http://nowhere.invalid';

/**
 * Where to go after signing in: a page of our own, or `otherwise`. Read as a browser reads addresses, which drops tabs
 * and newlines and takes a backslash for a slash, so nothing that looks like a path can lead to another site.
 */
export function backTo(value: unknown, otherwise = '/'): string {
  if (typeof value !== 'string' || !value.startsWith('/') || !URL.canParse(value, NOWHERE)) return otherwise;
  const url = new URL(value, NOWHERE);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // "/.//elsewhere" stays on our origin here and would leave it as soon as it is resolved again.
  if (url.origin !== NOWHERE || path.startsWith('//')) return otherwise;
  return WAYS_IN.has(url.pathname) ? otherwise : path;
}

/** Coming back to one of these would ask somebody to sign in who just did. */
const WAYS_IN = new Set(['/sign-in', '/sign-up', '/sign-out', '/forgot', '/reset', '/confirm']);
