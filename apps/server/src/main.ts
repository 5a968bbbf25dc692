import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { openDatabases } from '@liventix/db/client';
import { createApp } from './app.ts';
import { decideMode, type Env, readEnv, StartRefused } from './env.ts';
import { findDemoAccounts } from './features/accounts/find-demo-accounts.ts';
import { prepareDemo } from './features/demo/prepare-demo.ts';
import type { PastCharge } from './features/demo/seed-demo.ts';
import { jobs } from './jobs.ts';
import { isPassing } from './platform/combine.ts';
import { createWorkContext } from './platform/context.ts';
import { forkSimulators } from './platform/fork-simulators.ts';
import { startWorker } from './platform/jobs.ts';
import { createLog } from './platform/log.ts';
import { createMailer } from './platform/mailer.ts';
import { migrateDatabase, startDatabase, watchMigrations } from './platform/start-database.ts';
import { createStripe } from './platform/stripe.ts';

/** From SIGTERM to the end, whatever hangs. */
const DRAIN_MS = 10_000;
/** How often a start asks again for what it waits for. */
const AGAIN_MS = 500;

const startedAt = performance.now();
const tell = (line: string) => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

// What has started, newest last; stopped in reverse.
const stops: { name: string; stop: () => Promise<unknown> }[] = [];
let stopping: Promise<void> | null = null;
const log = { current: createLog({ level: 'warn' }) };

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    for (const { name, stop } of stops.reverse()) {
      await stop().catch((err: unknown) => log.current.error({ err, name }, 'could not be stopped cleanly'));
    }
  })();
  return stopping;
}

async function start(given: Env): Promise<void> {
  log.current = createLog({ level: given.LOG_LEVEL });
  const database = await whenThere(() => startDatabase(given, tell));
  if (database.embedded) stops.push({ name: 'postgres', stop: database.embedded.stop });
  const migrated = await whenThere(() => migrateDatabase(given, database, tell));
  const behind = migrated ? async () => null : watchMigrations(database.urls.engine);

  const db = openDatabases({ ...database.urls, replica: given.DATABASE_REPLICA_URL }, { applicationName: 'liventix' });
  stops.push({ name: 'pools', stop: db.end });

  let env = given;
  let simulatorsPort: number | undefined;
  if (given.DEMO) {
    const simulators = await forkSimulators({
      webhookUrl: `http://${given.HOST === '0.0.0.0' || given.HOST === '::' ? '127.0.0.1' : given.HOST}:${given.PORT}/webhooks/stripe`,
      webhookSecret: given.STRIPE_WEBHOOK_SECRETS[0] ?? '',
      stateFile: path.join(given.DATA_DIR, 'simulators.jsonl'),
      log: log.current,
    });
    stops.push({ name: 'simulators', stop: simulators.stop });
    simulatorsPort = simulators.port;
    env = {
      ...given,
      STRIPE_SIMULATOR: given.STRIPE_SIMULATOR && { ...given.STRIPE_SIMULATOR, port: simulators.port },
      SMTP_URL: given.SMTP_URL ?? `smtp://127.0.0.1:${simulators.smtpPort}`,
    };
    tell('Simulators: payments and mail inbox are running');
    if (!(await whenThere(behind))) {
      const importCharges = (charges: readonly PastCharge[]) =>
        simulators.control('import-payments', { payments: charges.map(asPastPayment) });
      await prepareDemo({ db, tell, importCharges });
    }
  }

  const refuseDemoAccounts = async () => {
    const { refusals } = decideMode(modeOf(env), { demoAccounts: await findDemoAccounts(db) });
    if (refusals.length > 0) throw new StartRefused(refusals);
  };
  if (!(await whenThere(behind))) await whenThere(refuseDemoAccounts);

  const mailer = createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, log: log.current });
  stops.push({ name: 'mailer', stop: async () => mailer.close() });
  let preparing = true;
  const app = await createApp({
    env,
    db,
    log: log.current,
    mailer,
    stripe: createStripe(env),
    web: env.ROLES.has('web') ? (env.NODE_ENV === 'development' ? 'vite' : 'build') : 'none',
    notReady: async () => (await behind()) ?? (preparing ? 'starting' : null),
    ...(simulatorsPort === undefined ? {} : { simulatorsPort }),
  });
  takeSignals();
  await app.listen(env.PORT, env.HOST);
  // In demo the inbox and the payment simulator keep streams open that nobody needs to finish.
  stops.push({ name: 'http', stop: () => app.drain(env.DEMO ? 1500 : DRAIN_MS - 3000) });
  tell(`Listening on ${env.HOST}:${env.PORT}`);

  for (let told = false; !stopping; told = true) {
    const reason = await whenThere(behind);
    if (!reason) break;
    if (!told) tell(`Not ready: ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, 2100));
  }
  if (stopping) return;
  await whenThere(refuseDemoAccounts);

  const feed =
    env.ROLES.has('api') || env.ROLES.has('web')
      ? app.live.startFeed({ engineUrl: database.urls.engine, node: randomUUID(), mode: env.LIVE_FEED })
      : null;
  if (env.ROLES.has('worker')) {
    const ctx = createWorkContext(app.services);
    const worker = await whenThere(() => startWorker({ ctx, jobs, engineUrl: database.urls.engine }));
    stops.push({ name: 'worker', stop: worker.stop });
    tell(`Worker: ${jobs.length} jobs`);
  }
  await feed?.settled;
  preparing = false;
  await answers(env);
  if (stopping) return;
  process.stdout.write(`Liventix is ready at ${env.PUBLIC_URL}\n`);
}

/** What needs the database: while it is away the start waits for it, as a server does later; all else ends the start. */
async function whenThere<T>(ask: () => Promise<T>): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      return await ask();
    } catch (error) {
      if (stopping || !isPassing(error)) throw error;
      const { message } = error as Error;
      if (!told) tell(`The database does not answer (${message}): waiting for it`);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

function asPastPayment(charge: PastCharge) {
  return {
    id: charge.paymentId,
    orderId: charge.orderId,
    amount: charge.cents,
    currency: charge.currency.toLowerCase(),
    refunded: charge.refundedCents,
    refundId: charge.refundId,
  };
}

/** The first page is rendered once before anybody is told to come. */
async function answers(env: Env): Promise<void> {
  const host = env.HOST === '0.0.0.0' || env.HOST === '::' ? '127.0.0.1' : env.HOST;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${env.PORT}`;
  for (const path of env.ROLES.has('web') ? ['/readyz', '/'] : ['/readyz']) {
    // A machine may be busy and a database away, for however long: that is no reason to end.
    for (let told = false; !stopping; told = true) {
      const response = await fetch(`${origin}${path}`, { redirect: 'manual' });
      if (response.status < 400) break;
      const said = (await response.text()).slice(0, 300);
      if (response.status !== 503) throw new Error(`${path} answers ${response.status}: ${said}`);
      if (!told) tell(`Not ready: ${path} answers ${said}`);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

// Simulators are checked where they come from the environment, in readEnv; here the database has its say.
function modeOf(env: Env): Parameters<typeof decideMode>[0] {
  return {
    ...env,
    LIVENTIX_DEMO: env.DEMO,
    STRIPE_HOST: env.DEMO ? null : (env.STRIPE_SIMULATOR?.host ?? null),
  };
}

function explain(error: unknown): string {
  if (error instanceof StartRefused)
    return `Liventix does not start:\n${error.refusals.map((line) => `  - ${line}`).join('\n')}`;
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return 'Liventix does not start: this port is in use. Set PORT to another.';
  return `Liventix does not start: ${error instanceof Error ? error.message : String(error)}`;
}

let signals = 0;
/** Signals are ours alone: Vite's compilers, in development, would end the process before anything is drained. */
function takeSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      // Again means now: what is left running watches us and ends by itself.
      if (++signals > 1) process.exit(1);
      if (signal === 'SIGINT') process.stdout.write('\nStopping; press Ctrl-C again to stop at once.\n');
      void stopAll().then(() => process.exit(0));
    });
  }
}
takeSignals();
process.on('unhandledRejection', (err) => log.current.error({ err }, 'a promise was rejected and nobody listened'));
process.on('uncaughtException', (err) => {
  log.current.fatal({ err }, 'uncaught exception');
  void stopAll().then(() => process.exit(1));
});

try {
  await start(readEnv());
} catch (error) {
  if (!stopping) {
    process.stderr.write(`${explain(error)}\n`);
    log.current.debug({ err: error }, 'start failed');
    await stopAll();
    process.exit(1);
  }
}
