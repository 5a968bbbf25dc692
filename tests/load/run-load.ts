/**
 * `pnpm load --buyers N --places N --sockets N [--url http://localhost:4900]`: an on-sale rehearsal. Without --url it starts
 * a server of its own and throws it away. With --url it needs the running demo's data (DATA_DIR, default .data), or
 * DATABASE_URL and LIVENTIX_SECRET. Only servers on this machine, in demo mode: elsewhere its buyers are one address.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type DatabaseUrls, databaseNameOf, loginPasswords, loginUrls } from '@liventix/db/bootstrap';
import { openDatabases } from '@liventix/db/client';
import { freePort, runningPostgres } from '@liventix/db/embedded';
import { repositoryRoot } from '@liventix/db/repository';
import { build, serverFlags } from '../../scripts/prepare.mjs';
import { complaintsOf, type Rehearsal, rehearse } from './rehearse.ts';

// Who starts it may be killed: then nobody stops the server but it.
const ENDS_WITH_US = `data:text/javascript,${encodeURIComponent("process.on('disconnect', () => process.kill(process.pid, 'SIGTERM')); process.channel?.unref();")}`;
const READY_MOST_MS = 180_000;
const root = repositoryRoot();
const args = process.argv.slice(2);
const flag = (name: string): string | null => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? (args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? null) : (args[at + 1] ?? '');
};
const count = (name: string, fallback: number): number => {
  const given = Number(flag(name) ?? fallback);
  if (!Number.isInteger(given) || given < 0) throw new Error(`--${name} must be a whole number`);
  return given;
};
const size = { buyers: count('buyers', 500), places: count('places', 100), sockets: count('sockets', 200) };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Target {
  url: string;
  urls: DatabaseUrls;
  secret: string;
  stop(): Promise<void>;
}

const target = flag('url') ? running(flag('url') as string) : await start();
const db = openDatabases(target.urls, { applicationName: 'liventix-load', statementTimeoutMs: 120_000 });
try {
  const { port, hostname } = new URL(target.url);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    throw new Error('Rehearsals run against this machine only.');
  const result = await rehearse({
    ...size,
    db,
    say,
    port: Number(port),
    publicUrl: target.url,
    secret: target.secret,
  });
  report(result);
  const complaints = complaintsOf(result, size);
  for (const complaint of complaints) say(`WRONG: ${complaint}`);
  if (complaints.length === 0) say('The books are right: nothing oversold, nothing lost, everybody was answered.');
  process.exitCode = complaints.length > 0 ? 1 : 0;
} finally {
  await db.end();
  await target.stop();
}

/** The server of --url: its database and its key, from the demo's data or from the environment. */
function running(url: string): Target {
  const { DATABASE_URL, LIVENTIX_SECRET } = process.env;
  const stop = async (): Promise<void> => {};
  if (DATABASE_URL && LIVENTIX_SECRET) {
    const urls = loginUrls(DATABASE_URL, databaseNameOf(DATABASE_URL), loginPasswords(LIVENTIX_SECRET));
    return { url, urls, secret: LIVENTIX_SECRET, stop };
  }
  return { ...ofDemo(path.resolve(root, process.env.DATA_DIR || '.data')), url, stop };
}

function ofDemo(dataDir: string): { urls: DatabaseUrls; secret: string } {
  const postgres = runningPostgres(path.join(dataDir, 'postgres'));
  const secrets = path.join(dataDir, 'secrets.json');
  if (!postgres || !fs.existsSync(secrets))
    throw new Error(
      `No demo runs on ${dataDir}. Start one, name its DATA_DIR, or set DATABASE_URL and LIVENTIX_SECRET.`,
    );
  const { LIVENTIX_SECRET: secret } = JSON.parse(fs.readFileSync(secrets, 'utf8')) as { LIVENTIX_SECRET: string };
  return { urls: loginUrls(postgres.adminUrl(), 'liventix', loginPasswords(postgres.secret)), secret };
}

/** The built product in demo mode, on data of its own that goes with it. */
async function start(): Promise<Target> {
  await build();
  const dataDir = fs.mkdtempSync(path.join(fs.existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir(), 'liventix-load-'));
  fs.chmodSync(dataDir, 0o755);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { DATABASE_URL: _ours, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', ENDS_WITH_US, '--enable-source-maps', ...serverFlags, 'apps/server/dist/main.js'],
    {
      cwd: root,
      env: { ...environment, NODE_ENV: 'production', LIVENTIX_DEMO: '1', PORT: String(port), DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const hurry = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(hurry);
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await ready(child);
    // The demo's own small stream of life would be in the figures.
    await fetch(`${url}/trpc/demo.setBreathing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ json: { on: false } }),
    });
    say(`A server of its own is ready on port ${port}`);
    return { ...ofDemo(dataDir), url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`the server is not ready:\n${said}`)), READY_MOST_MS);
    const hear = (chunk: Buffer): void => {
      said = `${said}${chunk}`.slice(-4000);
      if (!said.includes('Liventix is ready at')) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', (chunk: Buffer) => {
      hear(chunk);
      process.stderr.write(chunk);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
}

function report(result: Rehearsal): void {
  const { ends, felt, stock, sockets } = result;
  say(
    `\n${size.buyers} buyers, ${size.places} places, ${sockets.open} sockets; it took ${result.seconds.toFixed(1)} s\n`,
  );
  say('| what a buyer felt | count | p50 ms | p99 ms |');
  say('|---|---|---|---|');
  for (const [name, each] of Object.entries(felt))
    say(`| ${name} | ${each.count} | ${each.p50.toFixed(0)} | ${each.p99.toFixed(0)} |`);
  say('\n| how it ended | buyers |');
  say('|---|---|');
  say(`| a ticket | ${ends.ticket} |`);
  say(`| refused with a reason | ${ends.refused} |`);
  say(`| 503 to the end | ${ends.busy} |`);
  say(`| together | ${ends.ticket + ends.refused + ends.busy} |`);
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, each]) => `${name} ${each}`)
      .join(', ') || 'none';
  say(`\nReasons: ${list(result.reasons)}`);
  say(
    `Answers: ${list(result.answers)}; asked to come again and did: ${result.retried}; other 5xx: ${result.failures.length}`,
  );
  say(`Stock: ${stock.issued} issued + ${stock.reserved} held of ${stock.quantity}; ${stock.tickets} tickets`);
  say(`Sockets: ${sockets.frames} snapshots heard, ${sockets.lost} lost\n`);
}
