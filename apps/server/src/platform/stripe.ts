import Stripe from 'stripe';
import type { Env } from '../env.ts';

/** The payment provider's own SDK; in demo it speaks to the simulator, the code is the same. */
export function createStripe(env: Pick<Env, 'STRIPE_SECRET_KEY' | 'STRIPE_SIMULATOR'>): Stripe {
  return new Stripe(env.STRIPE_SECRET_KEY, {
    apiVersion: '2026-10-28.endive',
    maxNetworkRetries: 2,
    timeout: 10_000,
    telemetry: false,
    appInfo: { name: 'Liventix' },
    ...(env.STRIPE_SIMULATOR ?? {}),
  });
}
