import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decideMode, type ModeInput, readEnv, StartRefused } from './env.ts';

const bare: ModeInput = {
  NODE_ENV: undefined,
  DATABASE_URL: null,
  LIVENTIX_DEMO: undefined,
  LIVENTIX_SECRET: null,
  TICKET_SIGNING_KEYS: [],
  STRIPE_SECRET_KEY: null,
  STRIPE_WEBHOOK_SECRETS: [],
  STRIPE_HOST: null,
  PUBLIC_URL: null,
};
const real: ModeInput = {
  ...bare,
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://admin@db/liventix',
  LIVENTIX_SECRET: 's'.repeat(32),
  TICKET_SIGNING_KEYS: ['k'.repeat(64)],
  STRIPE_SECRET_KEY: 'sk_live_abc',
  STRIPE_WEBHOOK_SECRETS: [`whsec_${'w'.repeat(32)}`],
  PUBLIC_URL: 'https://liventix.example',
};

describe('demo mode', () => {
  it.each([
    ['embedded database, nothing said', bare, true],
    ['embedded database in production', { ...bare, NODE_ENV: 'production' }, false],
    ['a real database, nothing said', { ...bare, DATABASE_URL: 'postgres://x/y' }, false],
    ['a real database, said aloud', { ...bare, DATABASE_URL: 'postgres://x/y', LIVENTIX_DEMO: true }, true],
    ['production, said aloud', { ...real, STRIPE_SECRET_KEY: null, LIVENTIX_DEMO: true }, true],
    ['embedded database, switched off', { ...bare, LIVENTIX_DEMO: false }, false],
  ])('with %s is as the rule says', (_name, input, demo) => {
    expect(decideMode(input).demo).toBe(demo);
  });

  it('asks for nothing', () => expect(decideMode(bare)).toEqual({ demo: true, refusals: [] }));

  it('refuses live payment keys', () => {
    expect(decideMode({ ...bare, STRIPE_SECRET_KEY: 'sk_live_abc' }).refusals).toHaveLength(1);
  });
});

describe('outside demo mode', () => {
  it('starts with everything set and no demo accounts', () => {
    expect(decideMode(real, { demoAccounts: false })).toEqual({ demo: false, refusals: [] });
  });

  it('refuses to start when demo accounts are found', () => {
    expect(decideMode(real, { demoAccounts: true }).refusals).toEqual([expect.stringContaining('Demo accounts')]);
    expect(
      decideMode({ ...real, STRIPE_SECRET_KEY: 'sk_test_x', LIVENTIX_DEMO: true }, { demoAccounts: true }).refusals,
    ).toEqual([]);
  });

  it('refuses to start when simulators are configured', () => {
    expect(decideMode({ ...real, STRIPE_HOST: '127.0.0.1' }).refusals).toEqual([expect.stringContaining('simulator')]);
    expect(decideMode({ ...real, STRIPE_SECRET_KEY: 'sk_test_liventix_simulator' }).refusals).toHaveLength(1);
  });

  it.each([
    ['LIVENTIX_SECRET is missing', { LIVENTIX_SECRET: null }],
    ['LIVENTIX_SECRET is shorter', { LIVENTIX_SECRET: 's'.repeat(31) }],
    ['TICKET_SIGNING_KEY is missing', { TICKET_SIGNING_KEYS: [] }],
    ['TICKET_SIGNING_KEY is shorter', { TICKET_SIGNING_KEYS: ['short'] }],
    ['STRIPE_SECRET_KEY is missing', { STRIPE_SECRET_KEY: null }],
    ['STRIPE_WEBHOOK_SECRET is missing', { STRIPE_WEBHOOK_SECRETS: [] }],
    ['STRIPE_WEBHOOK_SECRET is shorter', { STRIPE_WEBHOOK_SECRETS: ['whsec_x'] }],
    ['PUBLIC_URL is missing', { PUBLIC_URL: null }],
    ['PUBLIC_URL is not https', { PUBLIC_URL: 'http://liventix.example' }],
  ])('refuses to start when %s', (words, change) => {
    expect(decideMode({ ...real, ...change }).refusals).toEqual([expect.stringContaining(words)]);
  });
});

describe('reading the environment', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), 'liventix-env-'));
    folders.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of folders.splice(0)) fs.rmSync(made, { recursive: true });
  });

  it('makes the demo secrets once, for their owner alone', () => {
    const DATA_DIR = folder();
    const first = readEnv({ DATA_DIR });
    const file = path.join(DATA_DIR, 'secrets.json');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(first.DEMO).toBe(true);
    expect(Buffer.byteLength(first.LIVENTIX_SECRET)).toBeGreaterThanOrEqual(32);
    const second = readEnv({ DATA_DIR });
    expect(second.LIVENTIX_SECRET).toBe(first.LIVENTIX_SECRET);
    expect(second.TICKET_SIGNING_KEYS).toEqual(first.TICKET_SIGNING_KEYS);
    expect(fs.readdirSync(DATA_DIR)).toEqual(['secrets.json']);
  });

  it('listens on loopback in demo mode unless told otherwise', () => {
    const DATA_DIR = folder();
    expect(readEnv({ DATA_DIR })).toMatchObject({ HOST: '127.0.0.1', PORT: 4900, PUBLIC_URL: 'http://localhost:4900' });
    expect(readEnv({ DATA_DIR, HOST: '0.0.0.0', PORT: '5001' })).toMatchObject({ HOST: '0.0.0.0', PORT: 5001 });
  });

  it('names every problem at once, and writes no secret for a real installation', () => {
    const DATA_DIR = folder();
    expect(() => readEnv({ DATA_DIR, PORT: 'eleven', ROLES: 'web,king' })).toThrow(/PORT[\s\S]*ROLES/);
    expect(() => readEnv({ DATA_DIR, NODE_ENV: 'production' })).toThrow(StartRefused);
    expect(fs.existsSync(path.join(DATA_DIR, 'secrets.json'))).toBe(false);
  });
});
