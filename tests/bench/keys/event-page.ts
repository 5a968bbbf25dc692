import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';
import { repositoryRoot } from '@liventix/db/repository';
import type { TestDatabase } from '@liventix/db/testing';
import { browserMissing, launchBrowser, newPage } from '../../browser.ts';
import { type Bench, CannotRun, type Measured, type Round } from '../bench.ts';
import type { FetchInput } from '../fetch-process.ts';
import { openApp } from '../open-app.ts';
import { stageSale } from '../stage-sale.ts';
import { startChild } from '../start-child.ts';

const SLUG = 'late-frequencies';
const INTERACTIVE_MOST_MS = 60_000;
const EMPTY = 'an-empty-page';

/**
 * The page people come to buy on: how long the server takes for it beside an empty route of the same app (same root,
 * providers, styles and fonts), and how much JavaScript a browser loads before its buttons answer.
 */
export async function run(bench: Bench): Promise<Measured> {
  if (browserMissing) throw new CannotRun(browserMissing);
  const database = await bench.database();
  await stageEvening(database);
  const build = withEmptyPage(path.join(repositoryRoot(), 'apps/web/build'));
  bench.atEnd(async () => fs.rmSync(build, { recursive: true, force: true }));
  const app = await openApp({
    urls: database.urls,
    feed: true,
    web: true,
    env: { WEB_BUILD_DIR: build, TRUST_PROXY: 1 },
  });
  bench.atEnd(() => app.close());
  const client = await startChild('tests/bench/fetch-process.ts');
  bench.atEnd(() => client.stop());
  const browser = await launchBrowser();
  bench.atEnd(() => browser.close());
  const render: Round[] = [];
  const scripts: Round[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const [page, empty] = await client.ask<number[]>('fetch', {
      port: app.port,
      addresses: [`/e/${SLUG}`, `/${EMPTY}`],
      turns: bench.size(160), // all rounds together stay below what one address may ask for
      warmUp: 20,
    } satisfies FetchInput);
    render.push({ value: page as number, peer: empty as number });

    const tab = await newPage(browser);
    const loaded = new Map<string, Promise<Buffer>>();
    tab.on('response', (response) => {
      const body = response.body();
      body.catch(() => {}); // what comes late may be cut off when the tab is closed
      loaded.set(response.url(), body);
    });
    await tab.addInitScript(() => {
      const looking = setInterval(() => {
        const button = document.querySelector('#tickets button');
        // React has taken over the buttons of the ticket panel.
        if (!button || !Object.keys(button).some((key) => key.startsWith('__reactProps'))) return;
        clearInterval(looking);
        Object.assign(window, { interactiveAt: performance.now() });
      }, 2);
    });
    await tab.goto(`${app.url}/e/${SLUG}`);
    await tab.waitForFunction(() => 'interactiveAt' in window, null, { timeout: INTERACTIVE_MOST_MS });
    // By the page's own clock: what arrived later is not counted, however late we ask.
    const before = await tab.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => {
          const { name, responseEnd } = entry as unknown as { name: string; responseEnd: number };
          const at = (window as unknown as { interactiveAt: number }).interactiveAt;
          return new URL(name).pathname.endsWith('.js') && responseEnd <= at;
        })
        .map(({ name }) => name),
    );
    const files = await Promise.all(
      before.map(async (name) => ({
        name: path.basename(name),
        bytes: zlib.gzipSync((await loaded.get(name)) as Buffer).length,
      })),
    );
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    scripts.push({ value: bytes / 1000, peer: null });
    if (round === 0) {
      const largest = files.sort((a, b) => b.bytes - a.bytes).slice(0, 6);
      bench.note(
        `${files.length} scripts; the largest: ${largest.map((file) => `${file.name} ${(file.bytes / 1000).toFixed(0)} kB`).join(', ')}`,
      );
    }
    await tab.context().close();
  }
  return { render, scripts };
}

async function stageEvening(database: TestDatabase): Promise<void> {
  const sale = await stageSale(database, { tiers: 3, quantity: 120, people: 1 });
  await database.admin`
    update events.events set slug = ${SLUG}, city = 'Berlin', venue = 'Kraftraum Ost', summary = 'Four hours of low light and long notes.',
           description = ${'An evening for people who like their bass slow. Doors at eight, first set at nine.\n\n'.repeat(6)}
     where id = ${sale.eventId}`;
}

/** The built app with one more route that shows nothing, in a folder of its own; every file else is the build's. */
function withEmptyPage(build: string): string {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-empty-page-'));
  fs.mkdirSync(path.join(place, 'server'));
  fs.symlinkSync(path.join(build, 'client'), path.join(place, 'client'));
  const real = pathToFileURL(path.join(build, 'server/index.js')).href;
  fs.writeFileSync(
    path.join(place, 'server/index.js'),
    `import * as real from ${JSON.stringify(real)};
export * from ${JSON.stringify(real)};
const route = { id: 'routes/${EMPTY}', parentId: 'root', path: '${EMPTY}', index: undefined, caseSensitive: undefined };
export const routes = { ...real.routes, [route.id]: { ...route, module: { default: () => null } } };
export const assets = { ...real.assets, routes: { ...real.assets.routes, [route.id]: {
  ...route, hasAction: false, hasLoader: false, hasClientAction: false, hasClientLoader: false, hasErrorBoundary: false,
  module: real.assets.routes['routes/offline'].module, imports: [], css: [] } } };
`,
  );
  fs.writeFileSync(path.join(place, 'server/package.json'), '{"type":"module"}\n');
  return place;
}
