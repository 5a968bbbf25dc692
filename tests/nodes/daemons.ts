/** Redis and nginx from the distribution, each on ports of its own, for the tests of several nodes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@liventix/db/embedded';
import { repositoryRoot } from '@liventix/db/repository';

const UP_MS = 15_000;

/** Where a command lies, also where only root looks for it. */
function pathOf(command: string): string | null {
  const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  for (const place of places) if (place && fs.existsSync(path.join(place, command))) return path.join(place, command);
  return null;
}

/** Says aloud which of these are not on this machine; true when one is missing. `.ci/run` installs them and counts what ran. */
export function missing(...commands: string[]): boolean {
  const gone = commands.filter((command) => !pathOf(command));
  if (gone.length > 0)
    process.stderr.write(
      `\nSKIPPED: tests of several nodes need ${gone.join(' and ')} (Debian: apt-get install redis-server nginx).\n\n`,
    );
  return gone.length > 0;
}

/** Resolves when somebody accepts connections at this port. */
async function listening(port: number, process: ChildProcess, said: () => string): Promise<void> {
  for (const deadline = Date.now() + UP_MS; ; ) {
    if (process.exitCode !== null || Date.now() > deadline) throw new Error(`nobody listens at ${port}: ${said()}`);
    const socket = net.connect(port, '127.0.0.1');
    const up = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function run(command: string, args: string[], port: number): Promise<ChildProcess> {
  const child = spawn(pathOf(command) as string, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  await listening(port, child, () => said);
  return child;
}

async function end(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export interface RedisDaemon {
  url: string;
  /** Empty: what was in it is gone. */
  start(): Promise<void>;
  /** Dead at once, as by a power cut. */
  stop(): Promise<void>;
  /** Accepts and answers nothing, as on a machine that swaps. */
  freeze(): void;
  thaw(): void;
}

/** A Redis in memory only, running. */
export async function startRedis(): Promise<RedisDaemon> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async () => {
    const args = `--port ${port} --bind 127.0.0.1 --appendonly no --dir ${os.tmpdir()}`;
    child = await run('redis-server', [...args.split(' '), '--save', ''], port);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop: () => end(child),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
}

export interface ProxyDaemon {
  url: string;
  stop(): Promise<void>;
}

/**
 * nginx with the file that deploy/ gives operators, changed only where this machine is another: ports, servers, no TLS (its
 * certificate would be nobody's).
 */
export async function startProxy(upstreams: number[]): Promise<ProxyDaemon> {
  const [port, plainPort] = [await freePort(), await freePort()];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-proxy-'));
  fs.chmodSync(folder, 0o777); // as root it works as nobody
  const given = fs.readFileSync(path.join(repositoryRoot(), 'deploy/nginx/nginx.conf'), 'utf8');
  const server = /^ *server server-1:4900(.*)$/m.exec(given)?.[1];
  if (!server) throw new Error('deploy/nginx/nginx.conf names no server-1');
  const file = path.join(folder, 'nginx.conf');
  fs.writeFileSync(
    file,
    given
      .replaceAll(/^ *server server-\d:4900.*\n/gm, '')
      .replace('least_conn;', `least_conn;\n${upstreams.map((at) => `server 127.0.0.1:${at}${server}`).join('\n')}`)
      .replaceAll(/^ *ssl_.*\n/gm, '')
      .replace('listen 8443 ssl http2;', `listen 127.0.0.1:${port};`)
      .replace('listen 8080;', `listen 127.0.0.1:${plainPort};`)
      .replace('worker_rlimit_nofile 200000;', '')
      .replace('worker_connections 65536;', 'worker_connections 1000;')
      .replace('access_log /dev/stdout brief;', `access_log ${folder}/access.log brief;`)
      .replaceAll('/tmp/nginx', `${folder}/nginx`),
  );
  const child = await run('nginx', ['-c', file, '-p', folder, '-e', 'stderr', '-g', 'daemon off;'], port);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = child.exitCode === null ? once(child, 'exit') : null;
      child.kill('SIGTERM'); // its workers go with it
      await gone;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
