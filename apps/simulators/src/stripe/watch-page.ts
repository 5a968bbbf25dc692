import { type Html, type HtmlValue, html } from '../http/html.ts';
import { page } from '../pages/page.ts';
import { formatAmount } from './currencies.rules.ts';
import { API_FAULT_KINDS, type FaultPlan } from './fault-plan.ts';
import type { StripeControls } from './stripe.controls.ts';
import { TEST_CARDS } from './test-cards.rules.ts';
import type { Delivery } from './webhooks.ts';
import type { PaymentIntent } from './wire.types.ts';

const ROWS_MAX = 30;

interface WatchParts {
  basePath: string;
  controls: StripeControls;
}

/** The page to watch and poke. Regions marked `data-live` are replaced by the page's script when something changes. */
export function watchPage({ basePath, controls }: WatchParts): Html {
  const body = html`<p class="lead">Everything the shop asked of its payment provider, and what came of it.</p>
    <p id="said" role="status" class="meta"></p>
    <section aria-labelledby="cards"><h2 id="cards">Test cards</h2>${cardList()}</section>
    <section aria-labelledby="faults"><h2 id="faults">Make it go wrong</h2>
      <div data-live="faults">${faultForms(controls.faults)}</div></section>
    <section aria-labelledby="intents"><h2 id="intents">Payment intents</h2>
      <div data-live="intents">${intentTable(controls)}</div></section>
    <section aria-labelledby="refunds"><h2 id="refunds">Refunds and disputes</h2>
      <div data-live="refunds">${refundTable(controls)}</div></section>
    <section aria-labelledby="webhooks"><h2 id="webhooks">Webhooks</h2>
      <div data-live="webhooks">${deliveryTable(controls)}</div></section>
    <section aria-labelledby="journal"><h2 id="journal">Journal</h2>
      <p class="meta">Only ever added to. <a href="${basePath}/stripe/journal.json">All of it as JSON</a></p>
      <div data-live="journal">${journalTable(controls)}</div></section>`;
  return page({ basePath, title: 'Payments', section: 'payments', script: 'watch-payments.js', body });
}

function cardList(): Html {
  const rows = TEST_CARDS.filter((card) => card.number).map((card) => {
    const spaced = card.number.replace(/(\d{4})(?=\d)/g, '$1 ');
    return html`<li><code>${spaced}</code><span>${card.label}</span>
      <button type="button" data-copy="${card.number}" aria-label="Copy ${spaced}">Copy</button></li>`;
  });
  return html`<ul class="cards">${rows}</ul><p class="meta">Any date to come, any three digits as security code.</p>`;
}

/** A button that pulls one lever: `runControl` names them. */
function lever(words: string, control: string, input: Record<string, unknown> = {}): Html {
  return html`<button type="button" data-control="${control}" data-input="${JSON.stringify(input)}">${words}</button>`;
}

function faultForms(plan: FaultPlan): Html {
  const toggle = (words: string, key: 'hold' | 'apiDown') =>
    html`<button type="button" aria-pressed="${plan[key] ? 'true' : 'false'}" data-control="set-faults" data-input="${JSON.stringify({ [key]: !plan[key] })}">${words}</button>`;
  const number = (words: string, key: 'duplicate' | 'reorder' | 'dropNext' | 'delayMs' | 'apiDelayMs') =>
    html`<label>${words}<input type="number" min="0" name="${key}" value="${plan[key]}" inputmode="numeric"></label>`;
  return html`<div class="levers">
      ${toggle('Hold webhooks', 'hold')}${toggle('API unreachable', 'apiDown')}
      ${lever('Send held', 'flush', { order: 'as-held' })}${lever('Send held, newest first', 'flush', { order: 'newest-first' })}
      ${lever('Send held twice', 'flush', { order: 'each-twice' })}${lever('Settle what is pending', 'settle')}
      ${lever('All calm again', 'clear-faults')}
    </div>
    <form data-form="set-faults" class="fields">
      ${number('Extra copies of each webhook', 'duplicate')}${number('Gather and reverse', 'reorder')}
      ${number('Drop the next', 'dropNext')}${number('Delay webhooks, ms', 'delayMs')}
      ${number('Delay the API, ms', 'apiDelayMs')}<button>Set</button>
    </form>
    <form data-form="fail-api" class="fields">
      <label>Next API requests<select name="kind">${API_FAULT_KINDS.map((kind) => html`<option>${kind}</option>`)}</select></label>
      <label>Path<input name="path" value="*"></label>
      <label>How many<input type="number" name="times" min="1" value="1" inputmode="numeric"></label><button>Fail them</button>
    </form>
    <form data-form="capture-amount" class="fields">
      <label>Next capture takes, minor units<input type="number" name="amount" min="0" value="100" inputmode="numeric"></label><button>Take it</button>
    </form>
    ${plan.api.map((fault) => html`<p class="meta">Next ${fault.times} to ${fault.path}: ${fault.kind}</p>`)}
    ${plan.capture ? html`<p class="meta">Next ${plan.capture.times} captures take ${plan.capture.amount}</p>` : null}`;
}

function table(name: string, heads: string[], rows: HtmlValue[][], empty: string): Html {
  if (rows.length === 0) return html`<p class="meta">${empty}</p>`;
  return html`<div class="scroll" role="group" aria-label="${name}" tabindex="0"><table>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

const newest = <T>(items: T[]): T[] => items.slice(-ROWS_MAX).reverse();
const state = (words: string, tone: 'ok' | 'warn' | 'bad' | 'none') =>
  html`<span class="state ${tone}">${words.replaceAll('_', ' ')}</span>`;
const clock = (seconds: number) => html`<time>${new Date(seconds * 1000).toISOString().slice(11, 19)}</time>`;

function intentTable(controls: StripeControls): Html {
  const tone = (status: PaymentIntent['status']) =>
    status === 'succeeded' ? 'ok' : status === 'canceled' ? 'bad' : status === 'processing' ? 'warn' : 'none';
  const levers = (intent: PaymentIntent) => {
    if (intent.status === 'succeeded') return lever('Dispute', 'dispute', { intent: intent.id });
    if (intent.status === 'requires_action') {
      return [
        lever('Complete 3D Secure', 'complete-challenge', { intent: intent.id, answer: 'complete' }),
        lever('Fail it', 'complete-challenge', { intent: intent.id, answer: 'fail' }),
      ];
    }
    return ['requires_payment_method', 'requires_confirmation'].includes(intent.status)
      ? lever('Pay with 4242', 'pay', { intent: intent.id })
      : null;
  };
  const rows = newest(controls.intents()).map((intent) => [
    clock(intent.created),
    html`<code>${intent.id}</code>`,
    formatAmount(intent.amount, intent.currency),
    state(intent.status, tone(intent.status)),
    intent.latest_charge ? html`<code>${intent.latest_charge}</code>` : null,
    html`<code>${Object.entries(intent.metadata).map(([key, value]) => `${key}=${value} `)}</code>`,
    levers(intent),
  ]);
  const heads = ['Time', 'Intent', 'Amount', 'Status', 'Charge', 'Metadata', 'Do'];
  return table('Payment intents', heads, rows, 'No payments yet. Buy a ticket and watch this line move.');
}

function refundTable(controls: StripeControls): Html {
  const refunds = newest(controls.refunds()).map((refund) => [
    clock(refund.created),
    html`<code>${refund.id}</code>`,
    formatAmount(refund.amount, refund.currency),
    state(refund.status, refund.status === 'succeeded' ? 'ok' : refund.status === 'failed' ? 'bad' : 'warn'),
    html`<code>${refund.payment_intent}</code>`,
    null,
  ]);
  const disputes = newest(controls.disputes()).map((dispute) => [
    clock(dispute.created),
    html`<code>${dispute.id}</code>`,
    formatAmount(dispute.amount, dispute.currency),
    state(dispute.status, dispute.status === 'won' ? 'ok' : dispute.status === 'lost' ? 'bad' : 'warn'),
    html`<code>${dispute.payment_intent}</code>`,
    dispute.status === 'needs_response' && [
      lever('Won', 'close-dispute', { dispute: dispute.id, outcome: 'won' }),
      lever('Lost', 'close-dispute', { dispute: dispute.id, outcome: 'lost' }),
    ],
  ]);
  const heads = ['Time', 'Id', 'Amount', 'Status', 'Intent', 'Do'];
  return table('Refunds and disputes', heads, [...disputes, ...refunds], 'Nothing was sent back yet.');
}

function deliveryTable(controls: StripeControls): Html {
  const tones: Record<Delivery['status'], 'ok' | 'warn' | 'bad' | 'none'> = {
    delivered: 'ok',
    waiting: 'warn',
    held: 'warn',
    dropped: 'bad',
    'given-up': 'bad',
  };
  const rows = newest(controls.deliveries()).map((delivery) => [
    clock(delivery.event.created),
    delivery.event.type,
    html`<code>${delivery.event.id}</code>`,
    state(delivery.status, tones[delivery.status]),
    delivery.attempts.map((attempt) => attempt.status ?? 'no answer').join(', '),
    lever('Send again', 'replay', { event: delivery.event.id }),
  ]);
  return table('Webhooks', ['Time', 'Type', 'Event', 'Delivery', 'Answers', 'Do'], rows, 'No webhooks yet.');
}

function journalTable(controls: StripeControls): Html {
  const rows = newest(controls.journal()).map((entry) => [
    entry.sequence,
    html`<time>${entry.at.slice(11, 19)}</time>`,
    entry.type,
    formatAmount(entry.amount, entry.currency),
    html`<code>${entry.intent}</code>`,
  ]);
  return table('Journal', ['No.', 'Time', 'What', 'Amount', 'Intent'], rows, 'No money has moved.');
}
