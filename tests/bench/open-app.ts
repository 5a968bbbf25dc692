import { randomUUID } from 'node:crypto';
import { type Databases, openDatabases } from '@liventix/db/client';
import { freePort } from '@liventix/db/embedded';
import { testEnv } from '@liventix/server/testing';
import { type App, type AppOptions, createApp } from '../../apps/server/src/app.ts';
import type { Env } from '../../apps/server/src/env.ts';
import type { AnyRoom } from '../../apps/server/src/platform/live/define-room.ts';
import { createLog } from '../../apps/server/src/platform/log.ts';
import { createStripe } from '../../apps/server/src/platform/stripe.ts';

export interface OpenAppInput {
  urls: { api: string; engine: string; auth: string };
  /** Hears other writers, as every server does. */
  feed: boolean;
  rooms?: readonly AnyRoom[];
  env?: Partial<Env>;
  /** Pages too; `env` names their build. */
  web?: boolean;
  options?: Partial<AppOptions>;
}

export interface OpenApp {
  app: App;
  db: Databases;
  port: number;
  url: string;
  close(): Promise<void>;
}

/** The product's server on a loopback port, with what it is given at a real start. */
export async function openApp(input: OpenAppInput): Promise<OpenApp> {
  const port = input.env?.PORT ?? (await freePort());
  const env = testEnv({ ...input.env, PORT: port });
  const db = openDatabases(input.urls, { applicationName: 'liventix' });
  const app = await createApp({
    env,
    db,
    log: createLog({ level: env.LOG_LEVEL }),
    stripe: createStripe(env),
    mailer: { send: async () => true, close() {} },
    web: input.web ? 'build' : 'none',
    ...(input.rooms ? { rooms: input.rooms } : {}),
    ...input.options,
  });
  await app.listen(port, '127.0.0.1');
  if (input.feed) await app.live.startFeed({ engineUrl: input.urls.engine, node: randomUUID() }).settled;
  return {
    app,
    db,
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await app.drain(1000);
      await db.end();
    },
  };
}
