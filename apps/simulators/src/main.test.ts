import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulators } from './start-simulators.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulators-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ready {
  ready: true;
  port: number;
  smtpPort: number;
}

async function startMain(env: Record<string, string>): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = fork(MAIN, { execArgv: ['--import', 'tsx'], env: { ...process.env, ...env }, stdio: 'ignore' });
  const [ready] = (await once(child, 'message')) as [Ready];
  return { child, ready };
}

const connect = (port: number) =>
  new Stripe('sk_test_simulator', { host: '127.0.0.1', port, protocol: 'http', telemetry: false });

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('what was charged survives a kill -9, keys and unfinished payments included', async () => {
  const env = { SIMULATOR_STATE_FILE: join(folder, 'state.jsonl') };
  const first = await startMain(env);
  expect(first.ready).toMatchObject({ ready: true, port: expect.any(Number), smtpPort: expect.any(Number) });
  const before = connect(first.ready.port);
  const input = { amount: 4200, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;
  const paid = await before.paymentIntents.create(input, { idempotencyKey: 'survives' });
  const waiting = await before.paymentIntents.create({ ...input, payment_method: 'pm_sim_async' });
  await before.refunds.create({ payment_intent: paid.id, amount: 1000 });
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await startSimulators({ stateFile: env.SIMULATOR_STATE_FILE, settleAfterMs: 60_000 });
  const after = connect(second.stripePort);
  expect((await after.paymentIntents.create(input, { idempotencyKey: 'survives' })).id).toBe(paid.id);
  expect(second.stripe.moneyOf(paid.id)).toEqual({ captured: 4200, refunded: 1000 });
  expect((await after.paymentIntents.retrieve(waiting.id)).status).toBe('processing');
  second.stripe.settle();
  expect((await after.paymentIntents.retrieve(waiting.id)).status).toBe('succeeded');
  expect((await after.refunds.create({ payment_intent: paid.id })).amount).toBe(3200);
  const sequences = second.stripe.journal().map((entry) => entry.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  await second.stop();
}, 20_000);

it('ends when its parent is killed: no orphan', async () => {
  const script = `
    const { fork } = require('node:child_process');
    const child = fork(${JSON.stringify(MAIN)}, { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
    child.on('message', () => process.stdout.write(String(child.pid)));`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [data] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(data.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 5000, interval: 20 }).toBe(false);
}, 20_000);
