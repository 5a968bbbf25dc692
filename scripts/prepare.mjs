// What `npm start`, `npm test` and `npm run check` do before their own work: look at the machine, install, build.
// Plain JavaScript with nothing but Node: it runs before anything is installed.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Node's flags for the built server: a young heap for a rush, collected without helpers (docs/benchmarks.md). */
export const serverFlags = ['--max-semi-space-size=64', '--no-parallel-scavenge'];
const stamps = path.join(root, 'node_modules/.cache/liventix');
const bins = path.join(root, 'node_modules/.bin');

/** One line of progress. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Ends with a sentence instead of a stack. */
export function refuse(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

/** Refuses, with a sentence, a machine on which what follows could not work. */
export function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    refuse(
      `Liventix needs Node 20.19 or later; this is ${process.versions.node}. https://nodejs.org has the current one.`,
    );
  if (process.platform === 'win32') refuse('Liventix runs on Linux and macOS. On Windows, run it inside WSL.');
  if (process.platform !== 'linux') return;
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (!glibc)
    refuse(
      'This Linux has no glibc (Alpine?), and the PostgreSQL and Chromium that npm ships need it. Use Debian, Ubuntu or Fedora, or their images.',
    );
  const [first, second] = glibc.split('.').map(Number);
  if (first === 2 && second < 27)
    refuse(`This Linux has glibc ${glibc}; 2.27 or later is needed (any distribution since 2018).`);
}

/** The environment of every child: our own binaries first, no prompts, no telemetry. */
export function environment(more = {}) {
  return {
    ...process.env,
    PATH: [bins, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    ...more,
  };
}

/** Installs when the lockfile is not what node_modules was made from. */
export async function install() {
  const lockfile = fs.readFileSync(path.join(root, 'pnpm-lock.yaml'));
  const installed = path.join(root, 'node_modules/.pnpm/lock.yaml');
  const complete = fs.existsSync(path.join(bins, 'turbo'));
  if (complete && fs.existsSync(installed) && lockfile.equals(fs.readFileSync(installed))) return;
  const hash = crypto.createHash('sha256').update(lockfile).digest('hex');
  if (complete && readStamp('installed') === hash) return;
  const { packageManager } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  await step(
    'Installing what it is made of (once)',
    'npx',
    ['-y', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'],
    {
      env: environment({ CI: 'true' }),
    },
  );
  writeStamp('installed', hash);
}

/** Builds the web app, the server and the simulators when a source of theirs changed. */
export async function build() {
  const outputs = ['apps/server/dist/main.js', 'apps/web/build/server/index.js', 'apps/simulators/dist/main.js'];
  const hash = hashOf(
    sources(['apps', 'packages', 'turbo.json', 'pnpm-lock.yaml']).filter((file) => !/\.test\.tsx?$/.test(file)),
  );
  if (readStamp('built') === hash && outputs.every((file) => fs.existsSync(path.join(root, file)))) return;
  await step(
    'Building',
    path.join(bins, 'turbo'),
    ['run', 'build', '--no-daemon', '--no-update-notifier', '--output-logs=errors-only'],
    {
      env: environment({ NODE_ENV: 'production' }),
    },
  );
  const missing = outputs.filter((file) => !fs.existsSync(path.join(root, file)));
  if (missing.length > 0) refuse(`The build ended without ${missing.join(', ')}.`);
  writeStamp('built', hash);
}

/** Every file under these places of the checkout that somebody wrote. */
export function sources(places) {
  const made = new Set(['node_modules', 'build', 'dist', '.turbo', '.cache', 'coverage', '.git', '.data', 'artefacts']);
  const found = [];
  const walk = (place) => {
    const stat = fs.statSync(path.join(root, place), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isFile()) found.push(place);
    else if (stat.isDirectory())
      for (const name of fs.readdirSync(path.join(root, place))) if (!made.has(name)) walk(path.join(place, name));
  };
  for (const place of places) walk(place);
  return found.sort();
}

/** One hash over names and contents. */
export function hashOf(files) {
  const hash = crypto.createHash('sha256').update(process.version);
  for (const file of files) hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

export function readStamp(name) {
  const file = path.join(stamps, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}

export function writeStamp(name, text) {
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(path.join(stamps, name), text);
}

/** A step with a line before and a time after it; a failure shows what it said and ends us. */
async function step(title, command, args, options) {
  say(`${title} …`);
  const since = Date.now();
  const { code, output } = await runQuietly(command, args, options);
  if (code !== 0) {
    process.stderr.write(output);
    refuse(`${title} failed (${path.basename(command)} ended with ${code}).`);
  }
  say(`${title}: done in ${((Date.now() - since) / 1000).toFixed(0)} s`);
}

/** Runs a command and keeps what it says. */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => resolve({ code: 127, output: `${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** Runs a command with our own input and output, passing signals on; resolves with its exit code. */
export function runLoudly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options });
    // Ctrl-C reaches the child by itself (same group); we only must not end before it.
    process.on('SIGINT', () => {});
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', (error) => refuse(error.message));
    child.once('close', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

/** Reads .env once, without overriding what the environment says. */
export function loadEnvironmentFile() {
  const file = path.join(root, '.env');
  if (fs.existsSync(file)) process.loadEnvFile(file);
}
