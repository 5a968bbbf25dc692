import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { LiventixError } from './errors.ts';
import type { Logger } from './log.ts';
import type { Outcome } from './serve-works.ts';
import { type Party, takeTurns } from './take-turns.ts';

/** A thread of its own for work that would block the event loop. */
export interface WorkThread {
  /**
   * Runs a work of the thread's file. Input and result are copied, so both are plain data. What the work throws is thrown here.
   * BUSY when too many of its party wait already; WORK_LOST when the thread died or stopped answering.
   */
  run(name: string, input: unknown, party?: Party): Promise<unknown>;
  /** Ends the thread. Works that run or wait are lost. */
  close(): Promise<void>;
}

export interface WorkThreadOptions {
  /** Its default export is a `serveWorks`. */
  file: URL;
  log: Logger;
  /** How many run at once: two, where one computes while the other waits for libuv's threads. Default 1. */
  atOnce?: number;
  /** How many works of one widest group wait at most behind those that run; see `takeTurns`. Default 160. */
  waitMost?: number;
  /** How many of one narrowest group. Default 64. */
  ofOneMost?: number;
  /** After how long without any answer a thread counts as stuck and is replaced. Default 60 s. */
  patienceMs?: number;
  /** A work that needs more dies with its thread, and not with the server. Default 512. */
  memoryMb?: number;
}

/** The server's own young heap is large, for its rushes; a thread needs none like it. */
const YOUNG_MB = 48;
const ANYBODY: Party = ['anybody'];

/** The `file` beside `here`: as TypeScript from the sources, as JavaScript in the bundle. */
export function besideModule(here: string, file: string): URL {
  return new URL(`./${file}${path.extname(here)}`, here);
}

/** Makes a thread; it starts with its first work, keeps no process alive, and is replaced when it dies. */
export function createWorkThread(options: WorkThreadOptions): WorkThread {
  const { file, log, atOnce = 1, waitMost = 160, ofOneMost = 64, patienceMs = 60_000, memoryMb = 512 } = options;
  let pool: Piscina | null = null;
  let closed = false;
  let underWay = 0;
  let stuck: NodeJS.Timeout | undefined;
  const turns = takeTurns({ atOnce, waitMost, ofOneMost });

  const open = (): Piscina => {
    const opened = new Piscina({
      filename: file.href,
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: atOnce,
      stricterFIFO: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
      ...(file.href.endsWith('.ts') ? { execArgv: ['--import', loader()] } : {}),
    });
    // A thread that dies between two works is replaced like any other.
    opened.on('error', (err) => log.error({ err, file: fileURLToPath(file) }, 'an idle work thread died'));
    return opened;
  };

  const replace = (): void => {
    log.error({ file: fileURLToPath(file), underWay }, 'a work thread does not answer and is replaced');
    const silent = pool;
    pool = null;
    stuck = undefined;
    void silent?.destroy();
  };

  /** Only answers put the end of patience off; asking a silent thread again does not. */
  const watch = (answered: boolean): void => {
    if (answered) {
      clearTimeout(stuck);
      stuck = undefined;
    }
    if (underWay > 0) stuck ??= setTimeout(replace, patienceMs).unref();
  };

  const run = async (name: string, input: unknown): Promise<unknown> => {
    if (closed) throw new LiventixError('BUSY', { retryAfterSeconds: 1 });
    pool ??= open();
    underWay++;
    watch(false);
    let outcome: Outcome;
    try {
      outcome = await pool.run({ name, input });
    } catch (cause) {
      log.error({ err: cause, work: name }, 'a work was lost with its thread');
      throw new LiventixError('WORK_LOST', { retryAfterSeconds: 1, cause });
    } finally {
      underWay--;
      watch(true);
    }
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value;
  };

  return {
    run: (name, input, party = ANYBODY) => turns(party, () => run(name, input)),
    async close() {
      closed = true;
      await pool?.destroy();
    },
  };
}

/** Threads from sources need what turns TypeScript into JavaScript, also under a runner that brings its own. */
function loader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
