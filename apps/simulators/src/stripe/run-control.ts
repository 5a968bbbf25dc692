import { API_FAULT_KINDS, type FaultPlan } from './fault-plan.ts';
import type { PastPayment } from './import-payments.ts';
import type { StripeControls } from './stripe.controls.ts';
import type { StripeEvent } from './wire.types.ts';

type Input = Record<string, unknown>;

const ORDERS: Record<string, (events: StripeEvent[]) => StripeEvent[]> = {
  'as-held': (events) => events,
  'newest-first': (events) => [...events].reverse(),
  'each-twice': (events) => events.flatMap((event) => [event, event]),
};

/**
 * Pulls one lever by name with plain data: what the page's buttons and tests in another process use
 * (`POST <base>/stripe/controls/<name>`). Rejects with a sentence when the name or the data is wrong.
 */
export async function runControl(controls: StripeControls, name: string, input: Input): Promise<unknown> {
  switch (name) {
    case 'set-faults':
      controls.setFaults(readFaults(controls.faults, input));
      return controls.faults;
    case 'clear-faults':
      return controls.clearFaults();
    case 'fail-api': {
      const kind = API_FAULT_KINDS.find((known) => known === input.kind);
      if (!kind) throw new Error(`kind must be one of ${API_FAULT_KINDS.join(', ')}`);
      const method = input.method === 'GET' || input.method === 'POST' ? input.method : null;
      return controls.failApi(kind, { path: text(input, 'path', '*'), method, times: count(input, 'times', 1) });
    }
    case 'capture-amount': {
      const currency = typeof input.currency === 'string' ? input.currency : undefined;
      const amount = input.amount === null ? null : count(input, 'amount');
      return controls.captureAmount(amount, { currency, times: count(input, 'times', 1) });
    }
    case 'flush':
      return controls.flush(ORDERS[text(input, 'order', 'as-held')]);
    case 'replay':
      return controls.replay(text(input, 'event'));
    case 'pay':
      return controls.pay(text(input, 'intent'), text(input, 'card', '4242424242424242'));
    case 'import-payments':
      return controls.importPayments(readPayments(input));
    case 'complete-challenge':
      return controls.completeChallenge(text(input, 'intent'), input.answer === 'fail' ? 'fail' : 'complete');
    case 'settle':
      return controls.settle();
    case 'dispute':
      return controls.dispute(text(input, 'intent'));
    case 'close-dispute':
      return controls.closeDispute(text(input, 'dispute'), input.outcome === 'won' ? 'won' : 'lost');
    default:
      throw new Error(`There is no control named ${name}.`);
  }
}

function text(input: Input, key: string, otherwise?: string): string {
  const value = input[key] ?? otherwise;
  if (typeof value !== 'string' || value === '') throw new Error(`${key} is missing.`);
  return value;
}

function count(input: Input, key: string, otherwise?: number): number {
  const value = Number(input[key] ?? otherwise);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${key} must be a whole number.`);
  return value;
}

/** Takes only the plan's own numbers and switches; faults of the API have a control of their own. */
function readFaults(plan: FaultPlan, input: Input): Partial<FaultPlan> {
  const changes: Record<string, number | boolean> = {};
  for (const [key, value] of Object.entries(input)) {
    const current = plan[key as keyof FaultPlan];
    if (typeof current === 'boolean') changes[key] = value === true;
    else if (typeof current === 'number') changes[key] = count(input, key);
    else throw new Error(`There is no fault named ${key}.`);
  }
  return changes;
}

function readPayments(input: Input): PastPayment[] {
  if (!Array.isArray(input.payments)) throw new Error('payments must be a list.');
  return input.payments.map((entry: unknown) => {
    const payment = (entry ?? {}) as Input;
    return {
      id: text(payment, 'id'),
      orderId: text(payment, 'orderId'),
      amount: count(payment, 'amount'),
      currency: text(payment, 'currency'),
      refunded: count(payment, 'refunded', 0),
      refundId: typeof payment.refundId === 'string' ? payment.refundId : undefined,
    };
  });
}
