import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '@liventix/db/repository';
import { childEnv } from '../env.ts';
import type { Logger } from './log.ts';
import { SIMULATORS_PATH } from './simulators-proxy.ts';

export interface ForkedSimulators {
  port: number;
  smtpPort: number;
  /** Pulls one of the payment simulator's levers. */
  control(name: string, input: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
}

export interface ForkOptions {
  webhookUrl: string;
  webhookSecret: string;
  /** Keeps payments over a restart, beside the data they belong to. */
  stateFile: string;
  log: Logger;
}

interface Hello {
  ready: true;
  port: number;
  smtpPort: number;
}

const START_MS = 20_000;
const STOP_MS = 3000;

/**
 * Starts the simulators as a child process that cannot outlive us (its channel closes with us), from the bundle when we
 * are one, from the sources else. A crash starts them again on the same ports, for browsers and SDK know those.
 */
export async function forkSimulators(options: ForkOptions): Promise<ForkedSimulators> {
  const fromSources = import.meta.url.endsWith('.ts');
  const folder = path.join(repositoryRoot(), 'apps/simulators');
  const file = path.join(folder, fromSources ? 'src/main.ts' : 'dist/main.js');
  let stopping = false;
  let child: ChildProcess;
  let hello: Hello;

  const start = async (port: number, smtpPort: number): Promise<void> => {
    child = fork(file, {
      cwd: folder,
      execArgv: fromSources ? ['--import', 'tsx'] : [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: childEnv({
        SIMULATOR_PORT: String(port),
        SMTP_PORT: String(smtpPort),
        STRIPE_WEBHOOK_URL: options.webhookUrl,
        STRIPE_WEBHOOK_SECRET: options.webhookSecret,
        SIMULATOR_BASE_PATH: SIMULATORS_PATH,
        SIMULATOR_STATE_FILE: options.stateFile,
      }),
    });
    const started = child;
    hello = await new Promise<Hello>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('The simulators did not start in time.')), START_MS);
      started.once('message', (message) => {
        clearTimeout(late);
        resolve(message as Hello);
      });
      started.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`The simulators ended at their start (code ${code}).`));
      });
    });
    started.once('exit', (code) => {
      if (stopping) return;
      options.log.error({ code }, 'the simulators ended; starting them again');
      setTimeout(() => {
        if (!stopping) start(hello.port, hello.smtpPort).catch((err) => options.log.error({ err }, 'simulators'));
      }, 500);
    });
  };

  await start(0, 0);
  return {
    get port() {
      return hello.port;
    },
    get smtpPort() {
      return hello.smtpPort;
    },
    async control(name, input) {
      const response = await fetch(`http://127.0.0.1:${hello.port}${SIMULATORS_PATH}/stripe/controls/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      if (!response.ok) throw new Error(`The payment simulator refused ${name}: ${await response.text()}`);
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}
