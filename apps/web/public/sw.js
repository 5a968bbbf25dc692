/*
 * The service worker: shows the offline page when a page cannot be reached, and keeps the wallet as it was last seen,
 * so that a ticket opens at a door without a network. It never answers for prices, places or anything that is posted.
 */
const VERSION = 'v1';
const SHELL = `liventix-shell-${VERSION}`;
const ASSETS = `liventix-assets-${VERSION}`;
const WALLET = `liventix-wallet-${VERSION}`;
const OFFLINE = '/offline';
const ASSETS_MAX = 120;

self.addEventListener('install', (event) => {
  event.waitUntil(keepOfflinePage().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const mine = [SHELL, ASSETS, WALLET];
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith('liventix-') && !mine.includes(name))
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;

  // Signing out takes the kept tickets with it: the next person at this machine must not see them.
  if (request.method === 'POST' && url.pathname === '/sign-out') {
    event.waitUntil(caches.delete(WALLET));
    return;
  }
  if (request.method !== 'GET') return;

  if (url.pathname.startsWith('/assets/')) {
    event.respondWith(fromAssets(request));
    return;
  }
  const wallet = url.pathname === '/tickets' || url.pathname.startsWith('/tickets/');
  if (request.mode === 'navigate') {
    event.respondWith(page(request, wallet));
    return;
  }
  if (url.pathname.startsWith('/posters/') || (wallet && url.pathname.endsWith('.data'))) {
    event.respondWith(freshThenKept(request, WALLET));
  }
});

async function keepOfflinePage() {
  const cache = await caches.open(SHELL);
  const answer = await fetch(OFFLINE, { credentials: 'omit' });
  if (!answer.ok) return;
  const html = await answer.clone().text();
  await cache.put(OFFLINE, answer);
  // The page is of no use without its styles and faces.
  const needed = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|woff2|js))"/g)].map((match) => match[1]);
  const assets = await caches.open(ASSETS);
  await Promise.allSettled([...new Set(needed)].map((path) => assets.add(path)));
}

/** Built files carry their content in their name: once here, right for ever. */
async function fromAssets(request) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - ASSETS_MAX)).map((key) => cache.delete(key)));
  }
  return answer;
}

async function page(request, keep) {
  try {
    const answer = await fetch(request);
    if (keep && answer.ok && !answer.redirected) {
      const cache = await caches.open(WALLET);
      await cache.put(request, answer.clone());
    }
    return answer;
  } catch {
    const kept = keep && (await (await caches.open(WALLET)).match(request));
    return kept || (await (await caches.open(SHELL)).match(OFFLINE)) || Response.error();
  }
}

async function freshThenKept(request, name) {
  const cache = await caches.open(name);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) || Response.error();
  }
}
