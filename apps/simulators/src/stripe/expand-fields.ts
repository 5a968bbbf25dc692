import type { BookKind } from './books.types.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput } from './stripe-refusal.ts';

const DEPTH_MAX = 4;
const KIND_BY_FIELD: Record<string, BookKind> = {
  charge: 'charge',
  latest_charge: 'charge',
  payment_intent: 'intent',
  payment_method: 'method',
};

type Wire = { [field: string]: unknown };

/** Replaces ids by the objects they name, along Stripe's paths (`latest_charge`, `data.payment_intent`). Copies; changes nothing. */
export function expandFields(ctx: StripeContext, body: object, paths: string[]): object {
  if (paths.length === 0) return body;
  const copy = structuredClone(body) as Wire;
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > DEPTH_MAX) {
      refuseInput(undefined, `You cannot expand more than ${DEPTH_MAX} levels of a property.`, 'expand');
    }
    expand(ctx, copy, steps, path);
  }
  return copy;
}

function expand(ctx: StripeContext, holder: Wire, [step, ...rest]: string[], path: string): void {
  if (step === undefined) return;
  if (step === 'data' && Array.isArray(holder.data)) {
    for (const item of holder.data as Wire[]) expand(ctx, item, rest, path);
    return;
  }
  const kind = KIND_BY_FIELD[step];
  if (!kind || !(step in holder)) refuseInput(undefined, `This property cannot be expanded (${path}).`, 'expand');
  const value = holder[step];
  if (typeof value === 'string') {
    const found = ctx.books.find(kind, value);
    if (!found) return;
    holder[step] = structuredClone('wire' in found ? found.wire : found);
  }
  const child = holder[step];
  if (typeof child === 'object' && child !== null) expand(ctx, child as Wire, rest, path);
}
