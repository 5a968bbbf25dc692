/** The browser of the tests: the Chromium that npm ships, which needs nothing installed on the machine. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The two widths that every screen is made for. */
export const WIDTHS = { phone: 390, desktop: 1440 } as const;
export type Width = keyof typeof WIDTHS;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Why there is no browser on this machine; null when there is one. CHROMIUM_PATH names another Chromium.
 * Use as `describe.skipIf(browserMissing)`: skipped tests are counted in the last line of `npm test`.
 */
export const browserMissing: string | null =
  process.env.CHROMIUM_PATH || (process.platform === 'linux' && process.arch === 'x64')
    ? null
    : `BROWSER TESTS ARE SKIPPED: npm ships no Chromium for ${process.platform}-${process.arch}. Set CHROMIUM_PATH to run them.`;
if (browserMissing) process.stderr.write(`\n${'='.repeat(100)}\n${browserMissing}\n${'='.repeat(100)}\n\n`);

// Our own list: the package's is made for functions in a cloud (a single process, web security off).
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
];

/** Starts a browser; 2–3 s the first time on a machine (it is unpacked), 0.1 s afterwards. */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  if (browserMissing) throw new Error(browserMissing);
  const given = process.env.CHROMIUM_PATH;
  const place = given ? null : unpacked();
  return chromium.launch({
    executablePath: given ?? path.join(place as string, 'chromium'),
    headless: true,
    args: [...ARGUMENTS, ...more],
    env: { ...plainEnvironment(), ...(place ? surroundings(place) : {}) },
  });
}

export interface PageOptions extends Omit<BrowserContextOptions, 'viewport'> {
  /** Default: the phone, 390 px. */
  width?: Width;
}

/**
 * A page in a context of its own (its own cookies: another person) at one of our two widths. An error the page throws
 * lands in `page.errors`, for tests to expect none.
 */
export async function newPage(browser: Browser, options: PageOptions = {}): Promise<Page & { errors: string[] }> {
  const { width = 'phone', ...rest } = options;
  const phone = width === 'phone';
  const context = await browser.newContext({
    viewport: { width: WIDTHS[width], height: phone ? 844 : 900 },
    hasTouch: phone,
    isMobile: phone,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'no-preference',
    ...rest,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return Object.assign(page, { errors });
}

/** Unpacks Chromium, its libraries and fonts once per version, whole or not at all. */
function unpacked(): string {
  const manifest = path.resolve(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../..');
  const { version } = JSON.parse(fs.readFileSync(path.join(manifest, 'package.json'), 'utf8')) as { version: string };
  const place = path.join(root, 'node_modules/.cache', `chromium-${version}`);
  if (fs.existsSync(place)) return place;
  fs.mkdirSync(path.dirname(place), { recursive: true });
  const fresh = fs.mkdtempSync(`${place}-`);
  // A process of its own, because the package unpacks to the temporary folder, and its libraries only where it believes
  // to be in the cloud it was made for.
  const code = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`Chromium could not be unpacked: ${result.stderr}`);
  try {
    fs.renameSync(fresh, place);
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true }); // another process was faster
    if (!fs.existsSync(place)) throw error;
  }
  return place;
}

function surroundings(place: string): Record<string, string> {
  // The package's own list of font folders names fixed places: with it no font is found, all text is 0 px wide, and
  // checks of the layout pass wrongly.
  const file = path.join(place, 'fonts-of-tests.conf');
  if (!fs.existsSync(file)) {
    const fresh = `${file}.${process.pid}`;
    fs.writeFileSync(
      fresh,
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${place}/fonts</dir><cachedir>${place}/fonts-cache</cachedir></fontconfig>`,
    );
    fs.renameSync(fresh, file);
  }
  return {
    LD_LIBRARY_PATH: path.join(place, 'al2023/lib'),
    FONTCONFIG_FILE: file,
    FONTCONFIG_PATH: place,
    HOME: place,
  };
}

function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
