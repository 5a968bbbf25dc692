import Stripe from 'stripe';

const KEYS_MOST = 4;

/**
 * Creates something at the provider under an idempotency key. The provider keeps also a failure of its own under the key, for a
 * day, and answers it to every retry: such a key is left for its successor.
 * @param find looks whether a try that failed went through after all; left out where a second one does no harm
 */
export async function underKey<T>(
  key: string,
  create: (idempotencyKey: string) => Promise<T>,
  find: () => Promise<T | null> = async () => null,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await create(tries === 1 ? key : `${key}-${tries}`);
    } catch (error) {
      if (tries === KEYS_MOST || !isKept(error)) throw error;
      const found = await find();
      if (found) return found;
    }
  }
}

const isKept = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true';
