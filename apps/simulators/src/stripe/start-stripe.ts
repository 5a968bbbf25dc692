import { Books } from './books.ts';
import { awaitOutcome } from './confirm-intent.ts';
import { awaitRefund } from './create-refund.ts';
import { calmPlan } from './fault-plan.ts';
import { StripeApi } from './serve-api.ts';
import { Pending, type StripeContext } from './stripe.context.ts';
import { Webhooks } from './webhooks.ts';

export interface StripeOptions {
  webhookUrl: string | null;
  webhookSecret: string;
  apiVersion: string;
  publicBase: string;
  stateFile: string | null;
  settleAfterMs: number;
  webhookRetryMs: number;
  onChange: () => void;
}

export interface StripeSimulator {
  ctx: StripeContext;
  api: StripeApi;
  stop(): void;
}

/** Builds the payment simulator and takes up what a former run left open: unsent webhooks, processing payments, refunds. */
export function startStripe(options: StripeOptions): StripeSimulator {
  const books = new Books(options.stateFile);
  const plan = calmPlan();
  const pending = new Pending();
  const webhooks = new Webhooks(books, plan, {
    url: options.webhookUrl,
    secret: options.webhookSecret,
    retryMs: options.webhookRetryMs,
    onChange: options.onChange,
  });
  const ctx: StripeContext = {
    books,
    plan,
    webhooks,
    pending,
    settings: {
      apiVersion: options.apiVersion,
      publicBase: options.publicBase,
      settleAfterMs: options.settleAfterMs,
    },
    cause: { id: null, idempotency_key: null },
    onChange: options.onChange,
  };
  resume(ctx);
  return {
    ctx,
    api: new StripeApi(ctx),
    stop: () => {
      pending.stop();
      webhooks.stop();
      books.close();
    },
  };
}

function resume(ctx: StripeContext): void {
  for (const intent of ctx.books.all('intent')) if (intent.status === 'processing') awaitOutcome(ctx, intent);
  for (const refund of ctx.books.all('refund')) {
    const outcome = ctx.books.find('method', refund.payment_method)?.refund;
    const fallsLater = outcome === 'succeeds-then-fails' && refund.status === 'succeeded';
    if (refund.status === 'pending' || fallsLater) awaitRefund(ctx, refund);
  }
  for (const event of ctx.books.all('event')) {
    if (ctx.books.find('told', event.id)) event.pending_webhooks = 0;
    else ctx.webhooks.send(event);
  }
}
