/** A server from its sources in a process of its own, as an operator starts it: for tests of starting, stopping and several processes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@liventix/db/repository';

const READY_MS = 240_000;
const GONE_MS = 30_000;
const LOOK_EVERY_MS = 50;

export interface ServerProcess {
  pid: number;
  /** What it said so far, both streams. */
  said(): string;
  /** Resolves when it says that it is ready; rejects when it ends before. */
  ready: Promise<void>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): void;
  /** Kills it and waits: for the end of a test file, whatever happened. */
  close(): Promise<void>;
}

// A test run that is killed takes its servers along.
const WITH_US = "process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); process.channel?.unref();";

/** Starts `apps/server/src/main.ts`, or what was bundled from it, with this environment and nothing of ours but the paths. */
export function startServer(environment: Record<string, string>, bundle?: string): ServerProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(WITH_US)}`,
      ...(bundle ? [bundle] : ['--import', 'tsx', 'apps/server/src/main.ts']),
    ],
    {
      cwd: repositoryRoot(),
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...environment } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let said = '';
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready after ${READY_MS} ms:\n${said}`)), READY_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk;
      if (!/^Liventix is ready at \S+$/m.test(said)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    void ended.then((how) => {
      clearTimeout(late);
      reject(new Error(`the server ended with ${how} before it was ready:\n${said}`));
    });
  });
  ready.catch(() => {}); // a refusal is looked at through `ended`
  return {
    pid: child.pid as number,
    said: () => said,
    ready,
    ended,
    kill: (signal) => void child.kill(signal),
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * The server bundled as it is shipped: several of them start in a fraction of the time that the sources take.
 * @returns the path of its main file; remove its folder when done
 */
export function bundleServer(): string {
  const folder = path.join(repositoryRoot(), `apps/server/dist/test-${process.pid}`);
  const { status, stderr } = spawnSync(process.execPath, ['build.mjs', folder], {
    cwd: path.join(repositoryRoot(), 'apps/server'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the server cannot be bundled: ${stderr}`);
  return path.join(folder, 'main.js');
}

/** What a real installation sets; `secret` must be the one that the logins of its database were made from. */
export function realInstallation(port: number, databaseUrl: string, secret: string): Record<string, string> {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
  return {
    NODE_ENV: 'production',
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: 'https://liventix.example',
    LIVENTIX_SECRET: secret,
    TICKET_SIGNING_KEY: key.toString('base64url'),
    STRIPE_SECRET_KEY: 'sk_test_of_nobody',
    STRIPE_WEBHOOK_SECRET: `whsec_${'w'.repeat(32)}`,
    TRUSTED_ADDRESSES: '127.0.0.0/8', // all buyers of these tests sit at one address
    LOG_LEVEL: 'warn',
  };
}

interface Running {
  pid: number;
  parent: number;
  command: string;
}

/** Every living process of this machine; zombies are dead. */
export function running(): Running[] {
  if (fs.existsSync('/proc/self/stat')) return fs.readdirSync('/proc').flatMap(readProcess);
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
}

function readProcess(name: string): Running[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return command ? [{ pid: Number(name), parent, command }] : [];
  } catch {
    return []; // it ended while we looked
  }
}

/** A process, all it started, and all they started. */
export function familyOf(pid: number): Running[] {
  const all = running();
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
  }
  return all.filter((one) => family.has(one.pid));
}

/** Waits until none of these run any more, and nothing that names `text`; answers what still does at the deadline. */
export async function whatStays(these: Running[], text: string): Promise<Running[]> {
  for (const deadline = Date.now() + GONE_MS; ; ) {
    const left = running().filter(
      (one) =>
        these.some((each) => each.pid === one.pid && each.command === one.command) ||
        (one.pid !== process.pid && one.command.includes(text)),
    );
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
