/** The parts of Stripe.js' surface that the simulator answers to. */

export interface ApiError {
  type: string;
  code?: string;
  decline_code?: string;
  message?: string;
  payment_intent?: BrowserIntent;
}

export interface BrowserIntent {
  id: string;
  client_secret: string;
  amount: number;
  currency: string;
  status: string;
  last_payment_error: ApiError | null;
  next_action: {
    type: string;
    redirect_to_url?: { url: string; return_url: string | null };
    use_stripe_sdk?: { stripe_js: string };
  } | null;
}

export interface Appearance {
  theme?: 'stripe' | 'night' | 'flat';
  variables?: Record<string, string | undefined>;
}

export interface ElementsOptions {
  clientSecret?: string;
  appearance?: Appearance;
  locale?: string;
}

export type IntentResult = { paymentIntent: BrowserIntent; error?: undefined } | { error: ApiError };
export type Listener = (event?: unknown) => void;
