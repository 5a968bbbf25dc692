import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { addressList, type Env, LOOPBACK, newSigningKey, ROLES } from '../env.ts';

const signingKey = newSigningKey();

/** A configuration for one test app: its own port, fresh secrets, no simulators unless named. */
export function testEnv(change: Partial<Env> & { PORT: number }): Env {
  return {
    NODE_ENV: 'test',
    DEMO: false,
    HOST: '127.0.0.1',
    DATA_DIR: path.join(os.tmpdir(), 'liventix-test-data'),
    DATABASE_URL: null,
    DATABASE_LOGINS: null,
    DATABASE_REPLICA_URL: null,
    MIGRATE_ON_START: false,
    PUBLIC_URL: `http://127.0.0.1:${change.PORT}`,
    TRUST_PROXY: 0,
    TRUSTED_ADDRESSES: addressList(LOOPBACK), // every test's buyers sit at this machine
    ROLES: new Set(ROLES),
    LIVENTIX_SECRET: randomBytes(32).toString('base64url'),
    TICKET_SIGNING_KEYS: [signingKey],
    STRIPE_SECRET_KEY: 'sk_test_liventix_simulator',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_liventix_simulator',
    STRIPE_WEBHOOK_SECRETS: [`whsec_${randomBytes(24).toString('base64url')}`],
    STRIPE_SIMULATOR: { host: '127.0.0.1', port: 9, protocol: 'http' },
    SMTP_URL: null,
    MAIL_FROM: 'Liventix <tickets@liventix.test>',
    WEB_BUILD_DIR: path.join(os.tmpdir(), 'no-web-build'),
    WEB_SOURCE_DIR: path.join(os.tmpdir(), 'no-web-source'),
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    REDIS_URL: null,
    LIVE_FEED: 'replication',
    ...change,
  };
}
