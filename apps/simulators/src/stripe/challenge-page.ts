import { html } from '../http/html.ts';
import { page } from '../pages/page.ts';
import { formatAmount } from './currencies.rules.ts';
import type { PaymentIntent } from './wire.types.ts';

/** The page a bank would show: two buttons that need no JavaScript. */
export function challengePage(basePath: string, intent: PaymentIntent) {
  const amount = formatAmount(intent.amount, intent.currency);
  const open = intent.status === 'requires_action';
  const body = open
    ? html`<p class="lead">Your bank asks if this is you.</p>
        <p class="sum">${amount}</p>
        <form method="post" action="${basePath}/stripe/3ds/${intent.id}" class="choices">
          <input type="hidden" name="cs" value="${intent.client_secret}">
          <button class="primary" name="answer" value="complete">Complete authentication</button>
          <button name="answer" value="fail">Fail authentication</button>
        </form>
        <p class="meta">A test page of the payment simulator. No bank is asked and no money moves.</p>`
    : html`<p class="lead">This question has been answered.</p>
        <p class="meta">The payment is ${intent.status.replaceAll('_', ' ')}. You can close this page.</p>`;
  return page({ basePath, title: '3D Secure test page', section: null, narrow: true, body });
}
