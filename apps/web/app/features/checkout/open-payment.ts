import type { Stripe, StripeConstructor } from '@stripe/stripe-js';

/** The demo's payment simulator answers to this key, with a script of its own on this origin. */
const SIMULATED = 'pk_test_liventix_simulator';
const SIMULATOR_SCRIPT = '/simulators/stripe/stripe.js';

const opened = new Map<string, Promise<Stripe>>();

function loadSimulator(nonce: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if ((window as { Stripe?: StripeConstructor }).Stripe) {
      resolve();
      return;
    }
    const script = document.createElement('script');
    script.src = SIMULATOR_SCRIPT;
    script.nonce = nonce;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new Error('the payment script did not load'));
    };
    document.head.append(script);
  });
}

/** The payment provider's own script, once a page and key; a failure is forgotten, so that trying again tries again. */
export function openPayment(publishableKey: string, nonce: string): Promise<Stripe> {
  const known = opened.get(publishableKey);
  if (known) return known;
  const opening = (async () => {
    if (publishableKey.startsWith(SIMULATED)) await loadSimulator(nonce);
    const { loadStripe } = await import('@stripe/stripe-js/pure');
    const stripe = await loadStripe(publishableKey);
    if (!stripe) throw new Error('the payment script is not for this page');
    return stripe;
  })();
  opened.set(publishableKey, opening);
  opening.catch(() => opened.delete(publishableKey));
  return opening;
}

/** A token's colour as the browser computes it: the payment form lives in a frame and does not know our variables. */
function colorOf(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

/** The payment form in our ink and paper. */
export function paymentLook() {
  return {
    theme: 'flat' as const,
    variables: {
      colorPrimary: colorOf('--you'),
      colorBackground: colorOf('--surface'),
      colorText: colorOf('--text'),
      colorTextSecondary: colorOf('--text-2'),
      colorTextPlaceholder: colorOf('--text-3'),
      colorDanger: colorOf('--bad'),
      fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
      fontSizeBase: '16px',
      borderRadius: '10px',
      spacingUnit: '4px',
    },
    rules: {
      '.Input': { border: `1.5px solid ${colorOf('--control')}`, backgroundColor: colorOf('--surface') },
      '.Input:focus': {
        border: `1.5px solid ${colorOf('--you')}`,
        boxShadow: 'none',
        outline: `2px solid ${colorOf('--you')}`,
      },
      '.Label': { fontWeight: '550' },
    },
  };
}
