/**
 * PostgreSQL 18 as part of `npm start` and of the tests: a real server from binaries that npm ships, for any checkout on
 * any path, as root or not, that never outlives the process that started it.
 */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { binariesFor, isReachable, nameOf, type RunAs } from './embedded/binaries.ts';
import { commandOf, isAlive } from './embedded/identify-process.ts';
import { lockData } from './embedded/lock-data.ts';
import { watchParent } from './embedded/watch-parent.ts';

export { DataDirectoryInUse } from './embedded/lock-data.ts';

export interface EmbeddedOptions {
  /** Where the data stays. Left out only for an ephemeral server. */
  dataDir?: string;
  /** Default: any free port. */
  port?: number;
  /** Fast and gone afterwards: fsync off, data directory removed at the end, however the end comes. */
  ephemeral?: boolean;
  settings?: Record<string, string | number>;
  /** Each chunk of the server's own log. */
  onLog?: (text: string) => void;
}

export interface EmbeddedPostgres {
  port: number;
  /** Where the data really lies: elsewhere than asked when root asks for a place that the server's user cannot enter. */
  dataDir: string;
  /** A random secret kept beside the data (mode 0600); login passwords are derived from it. */
  secret: string;
  /** The address of a database for the administrator, who is a superuser: bootstrap and tests only. */
  adminUrl(database?: string): string;
  /** Settles with the exit code when the server ends, for whatever reason. */
  exited: Promise<number | null>;
  /** Ends sessions, checkpoints, stops; removes an ephemeral server's files. Safe to call twice. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 10_000;
const ROOM_IN_MEMORY_BYTES = 4 * 2 ** 30;
const START_PATIENCE_MS = 60_000;

/**
 * Starts a server on a data directory, making it at the first start.
 * @throws DataDirectoryInUse when another living process started one there
 */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { ephemeral = false } = options;
  if (!options.dataDir && !ephemeral) throw new Error('startPostgres needs a dataDir unless it is ephemeral.');
  const throwAway = options.dataDir ? null : fs.mkdtempSync(path.join(fastPlace(), 'liventix-test-'));
  if (throwAway) fs.chmodSync(throwAway, 0o755);
  const asked = path.resolve(options.dataDir ?? path.join(throwAway as string, 'postgres'));
  fs.mkdirSync(path.dirname(asked), { recursive: true });
  const unlock = lockData(asked);
  try {
    const runAs = userFor(asked);
    const native = binariesFor(runAs);
    const dataDir = placeFor(asked, runAs);
    const spawnOptions: SpawnOptions = {
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } as unknown as NodeJS.ProcessEnv,
      ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
    };
    const secret = secretBeside(asked);
    stopLeftover(native, dataDir, spawnOptions);
    initialize({ native, dataDir, runAs, password: adminPassword(secret), spawnOptions });

    const port = options.port ?? (await freePort());
    const child = spawn(path.join(native, 'bin/postgres'), serverArguments(dataDir, port, options), {
      ...spawnOptions,
      detached: true, // Ctrl-C is for us: we stop the server when our own work has drained
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await ready(child, options.onLog);
    const files = ephemeral ? (throwAway ?? dataDir) : null;
    const dismiss = watchParent({ pid: child.pid as number, dataDir, removeAfter: files });
    child.unref();

    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await endServer(child, exited);
      dismiss();
      if (files) fs.rmSync(files, { recursive: true, force: true });
      unlock();
    };
    return {
      port,
      dataDir,
      secret,
      exited,
      adminUrl: adminUrls(port, secret),
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    unlock();
    if (throwAway) fs.rmSync(throwAway, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The server that another process runs on a data directory, for commands beside `npm start`.
 * Null when none runs there.
 */
export function runningPostgres(dataDir: string): Pick<EmbeddedPostgres, 'port' | 'secret' | 'adminUrl'> | null {
  const asked = path.resolve(dataDir);
  const note = `${asked}.location`;
  const place = fs.existsSync(note) ? path.join(fs.readFileSync(note, 'utf8').trim(), 'postgres') : asked;
  const pidFile = path.join(place, 'postmaster.pid');
  if (!fs.existsSync(pidFile) || !fs.existsSync(`${asked}.secret`)) return null;
  const [pid, , , port] = fs.readFileSync(pidFile, 'utf8').split('\n').map(Number);
  if (!pid || !port || !isAlive(pid)) return null;
  const secret = secretBeside(asked);
  return { port, secret, adminUrl: adminUrls(port, secret) };
}

/** Below what systems hand out by themselves (from 32,768 or 49,152): no connection takes such a port between our look and its use. */
const PORTS = { from: 20_000, to: 32_000 };

/** A port that was free a moment ago on the loopback address, and is nobody's by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = crypto.randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function adminPassword(secret: string): string {
  return crypto.createHmac('sha256', secret).update('administrator').digest('base64url');
}

function adminUrls(port: number, secret: string): (database?: string) => string {
  return (database = 'postgres') =>
    `postgres://postgres:${adminPassword(secret)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function serverArguments(dataDir: string, port: number, { ephemeral, settings }: EmbeddedOptions): string[] {
  const all: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    wal_level: 'logical',
    max_wal_senders: 64,
    max_replication_slots: 64,
    max_connections: 200,
    shared_buffers: '256MB',
    log_checkpoints: 'off',
    // Never synchronous_commit: an acknowledged commit would be lost at an immediate restart, which tests do on purpose.
    ...(ephemeral ? { fsync: 'off', full_page_writes: 'off', log_min_messages: 'log' } : {}),
    ...settings,
  };
  return ['-D', dataDir, '-p', String(port), ...Object.entries(all).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
}

/** Memory for a throw-away server where there is enough of it: copying a database there takes 50 ms instead of 400. */
function fastPlace(): string {
  try {
    const { bavail, bsize } = fs.statfsSync('/dev/shm');
    fs.accessSync('/dev/shm', fs.constants.W_OK);
    return bavail * bsize >= ROOM_IN_MEMORY_BYTES ? '/dev/shm' : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}

function userFor(dataDir: string): RunAs | null {
  const me = process.getuid?.();
  const existing = fs.existsSync(path.join(dataDir, 'PG_VERSION')) ? fs.statSync(dataDir) : null;
  if (me !== 0) {
    if (existing && me !== undefined && existing.uid !== me)
      throw new Error(`${dataDir} belongs to another user (id ${existing.uid}): start as that user or as root.`);
    return null;
  }
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  const users = fs.existsSync('/etc/passwd') ? fs.readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody.');
}

/** Where the data can lie so that the server's user gets there; leaves a note beside the place that was asked for. */
function placeFor(asked: string, runAs: RunAs | null): string {
  if (!runAs || isReachable(path.dirname(asked))) return asked;
  const place = path.join('/var/tmp', `liventix-data-${nameOf(asked)}`);
  fs.mkdirSync(place, { recursive: true, mode: 0o755 });
  if (fs.lstatSync(place).uid !== process.getuid?.()) throw new Error(`${place} belongs to somebody else: remove it.`);
  fs.writeFileSync(`${asked}.location`, `${place}\n`);
  return path.join(place, 'postgres');
}

function secretBeside(dataDir: string): string {
  const file = `${dataDir}.secret`;
  if (!fs.existsSync(file)) {
    const fresh = `${file}.${process.pid}`;
    fs.writeFileSync(fresh, `${crypto.randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    fs.renameSync(fresh, file);
  }
  return fs.readFileSync(file, 'utf8').trim();
}

/** A server that was left over when its parent was killed: stop it by its own pid file, never a stranger's process. */
function stopLeftover(native: string, dataDir: string, spawnOptions: SpawnOptions): void {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  if (!fs.existsSync(pidFile)) return;
  const pid = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]);
  const command = pid > 0 && isAlive(pid) ? (commandOf(pid) ?? '') : '';
  if (!command.includes('postgres') || !command.includes(dataDir)) return;
  spawnSync(path.join(native, 'bin/pg_ctl'), ['stop', '-D', dataDir, '-m', 'fast', '-w', '-t', '20'], spawnOptions);
}

function initialize(input: {
  native: string;
  dataDir: string;
  runAs: RunAs | null;
  password: string;
  spawnOptions: SpawnOptions;
}): void {
  const { native, dataDir, runAs, password, spawnOptions } = input;
  const versionFile = path.join(dataDir, 'PG_VERSION');
  if (fs.existsSync(versionFile)) {
    const theirs = fs.readFileSync(versionFile, 'utf8').trim();
    const said = spawnSync(path.join(native, 'bin/postgres'), ['--version'], { ...spawnOptions, encoding: 'utf8' });
    const ours = String(said.stdout).match(/(\d+)/)?.[1];
    if (theirs !== ours)
      throw new Error(
        `${dataDir} was made by PostgreSQL ${theirs}, this is ${ours}: move the data over or start afresh.`,
      );
    return;
  }
  // Made aside and renamed: a first start that was killed halfway leaves nothing that looks like a database.
  const fresh = `${dataDir}.new`;
  const passwordFile = path.join(os.tmpdir(), `liventix-${crypto.randomBytes(8).toString('hex')}`);
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(fresh, { recursive: true, mode: 0o700 });
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs) for (const file of [fresh, passwordFile]) fs.chownSync(file, runAs.uid, runAs.gid);
  const flags = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync', '--no-instructions'];
  const result = spawnSync(path.join(native, 'bin/initdb'), ['-D', fresh, ...flags, ...locale], {
    ...spawnOptions,
    encoding: 'utf8',
  });
  fs.rmSync(passwordFile, { force: true });
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error ?? ''}${result.stdout}${result.stderr}`);
  fs.renameSync(fresh, dataDir);
}

function ready(child: ChildProcess, onLog?: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    let settled = false;
    const settle = (error?: Error): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (error) child.kill('SIGQUIT');
      error ? reject(error) : resolve();
    };
    const timer = setTimeout(() => settle(new Error(`PostgreSQL did not get ready.\n${said}`)), START_PATIENCE_MS);
    const pipe = child.stderr as NonNullable<typeof child.stderr> & { unref?: () => void };
    pipe.on('data', (chunk: Buffer) => {
      const text = String(chunk);
      onLog?.(text);
      if (settled) return;
      said += text;
      if (/ready to accept connections/.test(said)) settle();
    });
    pipe.unref?.();
    child.once('error', (error) => settle(error));
    child.once('exit', (code) => settle(new Error(`PostgreSQL ended with ${code}.\n${said}`)));
  });
}

async function endServer(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGINT'); // fast: roll back, checkpoint, end
  const hurry = setTimeout(() => child.kill('SIGQUIT'), STOP_PATIENCE_MS);
  await exited;
  clearTimeout(hurry);
}
