import { formatAmount } from '../../stripe/currencies.rules.ts';
import { dress } from './appearance.ts';
import { buildNode } from './build-node.ts';
import type { Appearance, BrowserIntent } from './stripe-js.types.ts';

/**
 * Asks the 3D Secure question in a modal dialog on the page and gives the answer to the simulator.
 * Resolves when it is answered; closing the dialog counts as failing, as at Stripe.
 */
export async function openChallenge(intent: BrowserIntent, appearance: Appearance | undefined): Promise<void> {
  const address = intent.next_action?.use_stripe_sdk?.stripe_js ?? intent.next_action?.redirect_to_url?.url;
  if (!address) return;
  const answer = await ask(intent, appearance);
  await fetch(address, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ answer, cs: intent.client_secret }),
  });
}

function ask(intent: BrowserIntent, appearance: Appearance | undefined): Promise<'complete' | 'fail'> {
  const sum = formatAmount(intent.amount, intent.currency);
  const complete = buildNode('button', { type: 'button' }, 'Complete authentication');
  const fail = buildNode('button', { type: 'button' }, 'Fail authentication');
  const dialog = buildNode(
    'dialog',
    { class: 'liventix-challenge', 'aria-labelledby': 'challenge-title', 'aria-describedby': 'challenge-words' },
    buildNode('h2', { id: 'challenge-title' }, '3D Secure test'),
    buildNode('p', { id: 'challenge-words' }, `Your bank asks if it is you who pays ${sum}.`),
    buildNode('div', { class: 'choices' }, complete, fail),
    buildNode('p', { class: 'small' }, 'A test page of the payment simulator. No money moves.'),
  );
  dress(dialog, appearance);
  document.body.append(dialog);
  return new Promise((resolve) => {
    const close = (answer: 'complete' | 'fail') => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    complete.addEventListener('click', () => close('complete'));
    fail.addEventListener('click', () => close('fail'));
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      close('fail');
    });
    dialog.showModal();
  });
}
