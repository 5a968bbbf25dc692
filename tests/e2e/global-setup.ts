import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@liventix/db/embedded';
import type { TestProject } from 'vitest/node';
import { browserMissing } from '../browser.ts';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const READY_MS = 150_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** The built product in demo mode, started once for all browser tests. Empty where there is no browser. */
    demo: { url: string; dataDir: string };
  }
}

/** Starts the built product as a stranger would see it, with its breathing switched off so that tests count in peace. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (browserMissing) {
    project.provide('demo', { url: '', dataDir: '' });
    return async () => {};
  }
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-e2e-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, ['--enable-source-maps', 'apps/server/dist/main.js'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      LIVENTIX_DEMO: '1',
      PORT: String(port),
      DATA_DIR: dataDir,
      VITEST: undefined,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await ready(child);
  const answer = await fetch(`${url}/trpc/demo.setBreathing`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ json: { on: false } }),
  });
  if (!answer.ok) throw new Error(`the demo cannot be calmed: ${answer.status} ${await answer.text()}`);
  project.provide('demo', { url, dataDir });
  return async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`the demo is not ready after ${READY_MS} ms:\n${said}`)), READY_MS);
    const hear = (chunk: Buffer) => {
      said += String(chunk);
      if (!said.includes('Liventix is ready at')) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`the demo ended with ${code}:\n${said}`));
    });
  });
}
