import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const ROLES = ['web', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

const here = path.dirname(fileURLToPath(import.meta.url)); // apps/server/src, or apps/server/dist when bundled
const text = z.string().trim().min(1);
const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true');
const list = text.transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const port = z.coerce.number().int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));

const Raw = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).optional(),
  PORT: port.default(4900),
  HOST: text.optional(),
  DATA_DIR: text.optional(),
  DATABASE_URL: text.optional(),
  DATABASE_OWNER_URL: text.optional(),
  DATABASE_API_URL: text.optional(),
  DATABASE_AUTH_URL: text.optional(),
  DATABASE_ENGINE_URL: text.optional(),
  DATABASE_REPLICA_URL: text.optional(),
  MIGRATE_ON_START: flag.optional(),
  PUBLIC_URL: httpUrl.optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(8).default(0),
  TRUSTED_ADDRESSES: list.optional(),
  ROLES: list.pipe(z.array(z.enum(ROLES)).min(1)).optional(),
  LIVENTIX_DEMO: flag.optional(),
  LIVENTIX_SECRET: text.optional(),
  TICKET_SIGNING_KEY: list.optional(),
  STRIPE_SECRET_KEY: text.optional(),
  STRIPE_PUBLISHABLE_KEY: text.optional(),
  STRIPE_WEBHOOK_SECRET: list.optional(),
  STRIPE_HOST: text.optional(),
  STRIPE_PORT: port.optional(),
  STRIPE_PROTOCOL: z.enum(['http', 'https']).optional(),
  SMTP_URL: text.optional(),
  MAIL_FROM: text.default('Liventix <tickets@liventix.test>'),
  WEB_BUILD_DIR: text.optional(),
  WEB_SOURCE_DIR: text.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  REDIS_URL: text.optional(),
  LIVE_FEED: z.enum(['replication', 'notify', 'poll']).default('replication'),
});

export interface Env {
  NODE_ENV: 'development' | 'test' | 'production';
  /** Demo mode: simulators, demo content, demo accounts. */
  DEMO: boolean;
  PORT: number;
  HOST: string;
  DATA_DIR: string;
  /** An administrator's address of a PostgreSQL server; null starts the embedded one. */
  DATABASE_URL: string | null;
  /** The four logins, when an operator made them; else they are made, with derived passwords. */
  DATABASE_LOGINS: { owner: string; api: string; auth: string; engine: string } | null;
  /** The api login on a read-only copy: what a visitor reads without numbers of places; null reads all from the primary. */
  DATABASE_REPLICA_URL: string | null;
  MIGRATE_ON_START: boolean;
  PUBLIC_URL: string;
  /** How many proxies in front of us are trusted to name the client's address. */
  TRUST_PROXY: number;
  /** Whose buyers are not counted together: an organizer's own box office, in demo this machine. */
  TRUSTED_ADDRESSES: net.BlockList;
  ROLES: ReadonlySet<Role>;
  LIVENTIX_SECRET: string;
  /** Ed25519 private keys, PKCS#8 DER in base64url. The first signs, all verify (rotation). */
  TICKET_SIGNING_KEYS: string[];
  STRIPE_SECRET_KEY: string;
  STRIPE_PUBLISHABLE_KEY: string;
  /** All are accepted: two during a rotation. */
  STRIPE_WEBHOOK_SECRETS: string[];
  /** Where the simulator answers; null talks to Stripe. */
  STRIPE_SIMULATOR: { host: string; port: number; protocol: 'http' | 'https' } | null;
  SMTP_URL: string | null;
  MAIL_FROM: string;
  /** The web app's build: `client/` and `server/index.js`. */
  WEB_BUILD_DIR: string;
  WEB_SOURCE_DIR: string;
  LOG_LEVEL: string;
  REDIS_URL: string | null;
  /** How changes of other writers are heard; the README says what each costs. */
  LIVE_FEED: 'replication' | 'notify' | 'poll';
}

const SIMULATED_KEY = 'sk_test_liventix_simulator';

/** The part of the configuration that decides about demo mode. */
export interface ModeInput {
  NODE_ENV: string | undefined;
  DATABASE_URL: string | null;
  LIVENTIX_DEMO: boolean | undefined;
  LIVENTIX_SECRET: string | null;
  TICKET_SIGNING_KEYS: string[];
  STRIPE_SECRET_KEY: string | null;
  STRIPE_WEBHOOK_SECRETS: string[];
  STRIPE_HOST: string | null;
  PUBLIC_URL: string | null;
}

export interface ModeFacts {
  /** Demo accounts (…@liventix.test) exist in the database; undefined before it can be asked. */
  demoAccounts?: boolean;
}

export interface Mode {
  demo: boolean;
  /** Sentences for the operator; the server starts only when there are none. */
  refusals: string[];
}

/**
 * Demo mode is on with the embedded database outside production, or when it is said aloud; never by accident.
 * Outside it the server refuses demo accounts, simulators, missing or short secrets, and an address without https
 * (6-experience, "Starting it").
 */
export function decideMode(input: ModeInput, facts: ModeFacts = {}): Mode {
  const demo = input.LIVENTIX_DEMO ?? (input.DATABASE_URL === null && input.NODE_ENV !== 'production');
  const refusals: string[] = [];
  if (demo) {
    if (input.STRIPE_SECRET_KEY && /^(sk|rk)_live_/.test(input.STRIPE_SECRET_KEY)) {
      refusals.push('Demo mode refuses a live Stripe key: use a test key, or turn demo mode off with LIVENTIX_DEMO=0.');
    }
    return { demo, refusals };
  }
  if (facts.demoAccounts) {
    refusals.push('Demo accounts are in this database: their password is public. Remove them, or set LIVENTIX_DEMO=1.');
  }
  if (input.STRIPE_HOST || input.STRIPE_SECRET_KEY?.includes('simulator')) {
    refusals.push('A payment simulator is configured outside demo mode: unset STRIPE_HOST and use real keys.');
  }
  for (const [name, value] of [
    ['LIVENTIX_SECRET', input.LIVENTIX_SECRET],
    ['TICKET_SIGNING_KEY', input.TICKET_SIGNING_KEYS[0] ?? null],
  ] as const) {
    if (!value) refusals.push(`${name} is missing.`);
    else if (Buffer.byteLength(value) < 32) refusals.push(`${name} is shorter than 32 bytes.`);
  }
  if (!input.STRIPE_SECRET_KEY) refusals.push('STRIPE_SECRET_KEY is missing.');
  const secrets = input.STRIPE_WEBHOOK_SECRETS;
  if (secrets.length === 0) refusals.push('STRIPE_WEBHOOK_SECRET is missing.');
  if (secrets.some((secret) => Buffer.byteLength(secret) < 32))
    refusals.push('STRIPE_WEBHOOK_SECRET is shorter than 32 bytes.');
  if (!input.PUBLIC_URL) refusals.push('PUBLIC_URL is missing.');
  else if (!input.PUBLIC_URL.startsWith('https://')) refusals.push('PUBLIC_URL is not https.');
  return { demo, refusals };
}

/** The server will not start; the message is for the operator. */
export class StartRefused extends Error {
  constructor(readonly refusals: string[]) {
    super(refusals.join('\n'));
    this.name = 'StartRefused';
  }
}

/**
 * Reads the configuration once, at boot. In demo mode missing secrets are made and kept in DATA_DIR (mode 0600).
 * @throws StartRefused with a sentence per problem
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  // An empty variable is an unset one: `PORT= npm start` means the default.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Raw.safeParse(given);
  if (!parsed.success) {
    throw new StartRefused(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const raw = parsed.data;
  const mode = decideMode({
    NODE_ENV: raw.NODE_ENV,
    DATABASE_URL: raw.DATABASE_URL ?? raw.DATABASE_OWNER_URL ?? null,
    LIVENTIX_DEMO: raw.LIVENTIX_DEMO,
    LIVENTIX_SECRET: raw.LIVENTIX_SECRET ?? null,
    TICKET_SIGNING_KEYS: raw.TICKET_SIGNING_KEY ?? [],
    STRIPE_SECRET_KEY: raw.STRIPE_SECRET_KEY ?? null,
    STRIPE_WEBHOOK_SECRETS: raw.STRIPE_WEBHOOK_SECRET ?? [],
    STRIPE_HOST: raw.STRIPE_HOST ?? null,
    PUBLIC_URL: raw.PUBLIC_URL ?? null,
  });
  if (mode.refusals.length > 0) throw new StartRefused(mode.refusals);
  const dataDir = path.resolve(raw.DATA_DIR ?? path.join(here, '../../../.data'));
  const made = mode.demo ? demoSecrets(dataDir) : null;
  const {
    DATABASE_OWNER_URL: owner,
    DATABASE_API_URL: api,
    DATABASE_AUTH_URL: auth,
    DATABASE_ENGINE_URL: engine,
  } = raw;
  const some = [owner, api, auth, engine].filter(Boolean).length;
  if (some > 0 && some < 4) {
    throw new StartRefused([
      'Set all of DATABASE_OWNER_URL, DATABASE_API_URL, DATABASE_AUTH_URL and DATABASE_ENGINE_URL, or none.',
    ]);
  }
  const simulated = mode.demo && !raw.STRIPE_SECRET_KEY;
  return {
    NODE_ENV: raw.NODE_ENV ?? 'production',
    DEMO: mode.demo,
    PORT: raw.PORT,
    HOST: raw.HOST ?? (mode.demo ? '127.0.0.1' : '0.0.0.0'),
    DATA_DIR: dataDir,
    DATABASE_URL: raw.DATABASE_URL ?? null,
    DATABASE_LOGINS: owner && api && auth && engine ? { owner, api, auth, engine } : null,
    DATABASE_REPLICA_URL: raw.DATABASE_REPLICA_URL ?? null,
    MIGRATE_ON_START: raw.MIGRATE_ON_START ?? mode.demo,
    PUBLIC_URL: raw.PUBLIC_URL ?? `http://localhost:${raw.PORT}`,
    TRUST_PROXY: raw.TRUST_PROXY,
    TRUSTED_ADDRESSES: addressList(raw.TRUSTED_ADDRESSES ?? (mode.demo ? LOOPBACK : [])),
    ROLES: new Set(raw.ROLES ?? ROLES),
    LIVENTIX_SECRET: raw.LIVENTIX_SECRET ?? made?.LIVENTIX_SECRET ?? '',
    TICKET_SIGNING_KEYS: raw.TICKET_SIGNING_KEY ?? (made ? [made.TICKET_SIGNING_KEY] : []),
    STRIPE_SECRET_KEY: raw.STRIPE_SECRET_KEY ?? SIMULATED_KEY,
    STRIPE_PUBLISHABLE_KEY: raw.STRIPE_PUBLISHABLE_KEY ?? 'pk_test_liventix_simulator',
    STRIPE_WEBHOOK_SECRETS: raw.STRIPE_WEBHOOK_SECRET ?? (made ? [made.STRIPE_WEBHOOK_SECRET] : []),
    // The port is known when the simulator says so; main fills it in.
    STRIPE_SIMULATOR: simulated
      ? { host: raw.STRIPE_HOST ?? '127.0.0.1', port: raw.STRIPE_PORT ?? 0, protocol: raw.STRIPE_PROTOCOL ?? 'http' }
      : null,
    SMTP_URL: raw.SMTP_URL ?? null,
    MAIL_FROM: raw.MAIL_FROM,
    WEB_BUILD_DIR: path.resolve(raw.WEB_BUILD_DIR ?? path.join(here, '../../web/build')),
    WEB_SOURCE_DIR: path.resolve(raw.WEB_SOURCE_DIR ?? path.join(here, '../../web')),
    LOG_LEVEL: raw.LOG_LEVEL ?? (mode.demo ? 'warn' : 'info'),
    REDIS_URL: raw.REDIS_URL ?? null,
    LIVE_FEED: raw.LIVE_FEED,
  };
}

/** This machine's own addresses. */
export const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Addresses and ranges (`192.0.2.10`, `2001:db8::/48`) as a list that answers whether an address is in it.
 * @throws StartRefused naming what is neither
 */
export function addressList(entries: readonly string[]): net.BlockList {
  const addresses = new net.BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/', 2);
    const family = net.isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
    if (net.isIP(address) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 'ipv6' ? 128 : 32))
      throw new StartRefused([`TRUSTED_ADDRESSES: ${entry} is neither an address nor a range.`]);
    addresses.addSubnet(address, prefix, family);
  }
  return addresses;
}

interface DemoSecrets {
  LIVENTIX_SECRET: string;
  TICKET_SIGNING_KEY: string;
  STRIPE_WEBHOOK_SECRET: string;
}

/** The demo's secrets: made at the first start, readable by their owner alone. */
export function demoSecrets(dataDir: string): DemoSecrets {
  const file = path.join(dataDir, 'secrets.json');
  const Stored = z.object({ LIVENTIX_SECRET: text, TICKET_SIGNING_KEY: text, STRIPE_WEBHOOK_SECRET: text });
  for (;;) {
    if (fs.existsSync(file)) return Stored.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
    fs.mkdirSync(dataDir, { recursive: true });
    const made: DemoSecrets = {
      LIVENTIX_SECRET: randomBytes(32).toString('base64url'),
      TICKET_SIGNING_KEY: newSigningKey(),
      STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64url')}`,
    };
    // Written whole beside it, then linked: of two first starts one wins, and nobody reads half a file.
    const draft = `${file}.${process.pid}`;
    fs.writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
    try {
      fs.linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      fs.rmSync(draft, { force: true });
    }
  }
}

/** A fresh Ed25519 private key as TICKET_SIGNING_KEY wants it. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
}

/** The environment of a child process: ours, and what it needs besides. */
export function childEnv(besides: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...besides };
}
