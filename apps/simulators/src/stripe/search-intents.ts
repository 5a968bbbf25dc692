import { readLimit } from './list-objects.ts';
import { type Form, textOf } from './parse-form.ts';
import type { StripeContext } from './stripe.context.ts';
import { refuseInput } from './stripe-refusal.ts';
import type { PaymentIntent } from './wire.types.ts';

const CLAUSE = /^(-?)(?:metadata\[(["'])(.+?)\2\]|(\w+))\s*(:|>=|<=|>|<)\s*(?:(["'])(.*?)\6|(\d+|null))$/;
const FIELDS = ['amount', 'created', 'currency', 'customer', 'status'] as const;

/** GET /v1/payment_intents/search: clauses joined by AND over metadata and the fields Stripe indexes. Newest first. */
export function searchIntents(ctx: StripeContext, form: Form) {
  const query = textOf(form, 'query') ?? refuseInput('parameter_missing', 'Missing required param: query.', 'query');
  const tests = query.split(/\s+AND\s+/i).map(readClause);
  const limit = readLimit(form);
  const start = Number(textOf(form, 'page') ?? 0);
  const found = ctx.books.all('intent').filter((intent) => tests.every((test) => test(intent)));
  const data = found.reverse().slice(start, start + limit);
  const hasMore = start + limit < found.length;
  return {
    object: 'search_result',
    url: '/v1/payment_intents/search',
    has_more: hasMore,
    next_page: hasMore ? String(start + limit) : null,
    data,
  };
}

function readClause(text: string): (intent: PaymentIntent) => boolean {
  const match = CLAUSE.exec(text.trim());
  if (!match) refuseInput(undefined, `We were unable to parse your search query: ${text}`, 'query');
  const [, minus, , metadataKey, field, operator = ':', , quoted, bare] = match;
  const wanted = quoted ?? bare ?? '';
  const fieldName = FIELDS.find((name) => name === field);
  if (metadataKey === undefined && !fieldName) {
    refuseInput(undefined, `Field \`${field}\` is an unsupported search field.`, 'query');
  }
  return (intent) => {
    const value = metadataKey !== undefined ? intent.metadata[metadataKey] : intent[fieldName ?? 'status'];
    return compare(value, operator, wanted) !== (minus === '-');
  };
}

function compare(value: string | number | null | undefined, operator: string, wanted: string): boolean {
  if (wanted === 'null') return value === undefined || value === null;
  if (operator === ':') return String(value ?? '') === wanted;
  const [left, right] = [Number(value), Number(wanted)];
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  return operator === '<' ? left < right : left <= right;
}
