import { makeStripe } from './stripe-js/make-stripe.ts';

declare global {
  interface Window {
    Stripe?: ((key: string) => ReturnType<typeof makeStripe>) & { version?: string };
  }
}

// `loadStripe` takes window.Stripe as it finds it and warns when the version is not the one it was made for.
window.Stripe = Object.assign((key: string) => makeStripe(key), { version: 'endive' });
