import { callApi } from './call-api.ts';
import { Elements, integrationError } from './elements.ts';
import { openChallenge } from './open-challenge.ts';
import type { ApiError, BrowserIntent, ElementsOptions, IntentResult } from './stripe-js.types.ts';

interface Confirmation {
  elements?: Elements;
  clientSecret?: string;
  confirmParams?: { return_url?: string; payment_method?: string };
  /** `always` (Stripe's default) ends at `return_url`; `if_required` stays on the page, 3D Secure in a dialog included. */
  redirect?: 'always' | 'if_required';
}

const intentIdOf = (clientSecret: string) => clientSecret.split('_secret_')[0] ?? '';

/** The page is leaving: nothing after this may run. */
function leaveFor(address: string): Promise<never> {
  location.assign(address);
  return new Promise(() => {});
}

/** `window.Stripe(publishableKey)`: enough of Stripe.js for the Payment Element, against the simulator. */
export function makeStripe(key: string) {
  async function retrieve(clientSecret: string): Promise<IntentResult> {
    const fields = { client_secret: clientSecret };
    const result = await callApi<BrowserIntent>(key, 'GET', `payment_intents/${intentIdOf(clientSecret)}`, fields);
    return result.error ? { error: result.error } : { paymentIntent: result.ok };
  }

  /** After a challenge: paid, or the reason why not. */
  async function readOutcome(clientSecret: string): Promise<IntentResult> {
    const result = await retrieve(clientSecret);
    if (result.error) return result;
    const { paymentIntent } = result;
    const failed = paymentIntent.status === 'requires_payment_method' && paymentIntent.last_payment_error;
    return failed ? { error: { ...failed, payment_intent: paymentIntent } } : result;
  }

  async function confirmPayment(input: Confirmation): Promise<IntentResult> {
    const { elements, confirmParams = {}, redirect = 'always' } = input;
    const clientSecret = input.clientSecret ?? elements?.options.clientSecret;
    if (!clientSecret) return { error: integrationError('A client secret is needed to confirm a payment.') };
    if (redirect === 'always' && !confirmParams.return_url) {
      return { error: integrationError('confirmParams.return_url is needed unless redirect is "if_required".') };
    }
    const mistake: ApiError | undefined = confirmParams.payment_method ? undefined : elements?.check();
    if (mistake) return { error: mistake };
    const result = await callApi<BrowserIntent>(key, 'POST', `payment_intents/${intentIdOf(clientSecret)}/confirm`, {
      client_secret: clientSecret,
      ...(confirmParams.payment_method ? { payment_method: confirmParams.payment_method } : elements?.cardFields()),
      ...(confirmParams.return_url ? { return_url: confirmParams.return_url } : {}),
      use_stripe_sdk: String(redirect === 'if_required'),
    });
    if (result.error) return { error: result.error };
    const intent = result.ok;
    if (intent.status === 'requires_action') {
      const page = intent.next_action?.redirect_to_url?.url;
      if (redirect === 'always' && page) return leaveFor(page);
      await openChallenge(intent, elements?.options.appearance);
      return readOutcome(clientSecret);
    }
    if (redirect === 'always' && confirmParams.return_url) {
      return leaveFor(withOutcome(confirmParams.return_url, intent));
    }
    return { paymentIntent: intent };
  }

  return {
    elements: (options?: ElementsOptions) => new Elements(options),
    confirmPayment,
    retrievePaymentIntent: retrieve,
    handleNextAction: async ({ clientSecret }: { clientSecret: string }): Promise<IntentResult> => {
      const result = await retrieve(clientSecret);
      if (result.error || result.paymentIntent.status !== 'requires_action') return result;
      await openChallenge(result.paymentIntent, undefined);
      return readOutcome(clientSecret);
    },
    confirmCardPayment: (clientSecret: string, data?: { payment_method?: string }): Promise<IntentResult> => {
      const confirmParams = { payment_method: data?.payment_method };
      return confirmPayment({ clientSecret, confirmParams, redirect: 'if_required' });
    },
    createPaymentMethod: async ({ elements }: { elements: Elements }) => {
      const mistake = elements.check();
      if (mistake) return { error: mistake };
      const result = await callApi<object>(key, 'POST', 'payment_methods', elements.cardFields(''));
      return result.error ? { error: result.error } : { paymentMethod: result.ok };
    },
    createToken: () =>
      Promise.resolve({ error: integrationError('Tokens are not simulated: use the Payment Element.') }),
    registerAppInfo: () => {},
    _registerWrapper: () => {},
  };
}

/** Stripe's three parameters on the shop's own address. */
function withOutcome(returnUrl: string, intent: BrowserIntent): string {
  const address = new URL(returnUrl, location.href);
  address.searchParams.set('payment_intent', intent.id);
  address.searchParams.set('payment_intent_client_secret', intent.client_secret);
  address.searchParams.set('redirect_status', intent.status === 'processing' ? 'pending' : 'succeeded');
  return address.href;
}
