/** Helpers of a run in processes of their own: they do what they are asked, one thing at a time, and end when we do. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '@liventix/db/repository';
import { serverFlags } from '../../scripts/prepare.mjs';

export interface Child {
  readonly pid: number;
  /** Asks the child to do something; rejects when it fails, ends, or takes longer than `mostMs`. */
  ask<T>(what: string, input?: unknown, mostMs?: number): Promise<T>;
  /** Ends it and waits. */
  stop(): Promise<void>;
}

const ASK_MOST_MS = 120_000;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a file of tests/ that calls `serveParent`. */
export async function startChild(file: string): Promise<Child> {
  const root = repositoryRoot();
  const child = fork(path.join(root, file), [], {
    cwd: root,
    execArgv: ['--expose-gc', '--import', 'tsx', ...serverFlags],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TSX_TSCONFIG_PATH: path.join(root, 'apps/server/tsconfig.json'),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  running.add(child);
  let turn = 0;
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const ended = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      running.delete(child);
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code ?? signal}`));
      resolve();
    }),
  );
  child.on('message', (message) => {
    const { id, answer, error } = message as { id: number; answer?: unknown; error?: string };
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(`${file}: ${error}`));
  });
  const ask = <T>(what: string, input?: unknown, mostMs = ASK_MOST_MS): Promise<T> => {
    const id = ++turn;
    return new Promise<T>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`${file}: no answer to ${what} in ${mostMs} ms`));
        child.kill('SIGKILL');
      }, mostMs);
      waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(late);
          resolve(answer as T);
        },
        reject: (error) => {
          clearTimeout(late);
          reject(error);
        },
      });
      child.send({ id, what, input });
    });
  };
  await ask('ready');
  return {
    pid: child.pid as number,
    ask,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The child's side: answers what the parent asks. */
export function serveParent(verbs: Record<string, (input: never) => unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message) => {
    const { id, what, input } = message as { id: number; what: string; input: never };
    try {
      process.send?.({ id, answer: what === 'ready' ? true : await verbs[what]?.(input) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
