import { type Form, formOf, textOf } from './parse-form.ts';
import { refuseInput, refuseMissing } from './stripe-refusal.ts';

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

export interface ObjectList<T> {
  object: 'list';
  url: string;
  has_more: boolean;
  data: T[];
}

/**
 * One page, newest first, in Stripe's way: `limit` 1–100, `starting_after` or `ending_before` an id,
 * `created` as a second or a range (`gt`, `gte`, `lt`, `lte`). `oldestFirst` is already filtered by everything else.
 */
export function listObjects<T extends { id: string; created: number }>(
  url: string,
  oldestFirst: T[],
  form: Form,
): ObjectList<T> {
  const limit = readLimit(form);
  const isInRange = readRange(form);
  const objects = oldestFirst.filter(isInRange).reverse();
  const after = textOf(form, 'starting_after');
  const before = textOf(form, 'ending_before');
  if (before !== undefined) {
    const end = indexOf(objects, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', url, has_more: start > 0, data: objects.slice(start, end) };
  }
  const start = after === undefined ? 0 : indexOf(objects, after, 'starting_after') + 1;
  return { object: 'list', url, has_more: start + limit < objects.length, data: objects.slice(start, start + limit) };
}

export function readLimit(form: Form): number {
  const limit = Number(textOf(form, 'limit') ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    refuseInput('parameter_invalid_integer', `This value must be between 1 and ${LIMIT_MAX}.`, 'limit');
  }
  return limit;
}

function indexOf(objects: { id: string }[], id: string, param: string): number {
  const index = objects.findIndex((object) => object.id === id);
  return index >= 0 ? index : refuseMissing('object', id, param);
}

function readRange(form: Form): (object: { created: number }) => boolean {
  const exact = textOf(form, 'created');
  if (exact !== undefined) return ({ created }) => created === Number(exact);
  const range = formOf(form, 'created');
  const bound = (key: string, otherwise: number) => Number(textOf(range, key) ?? otherwise);
  const [gt, gte] = [bound('gt', Number.NEGATIVE_INFINITY), bound('gte', Number.NEGATIVE_INFINITY)];
  const [lt, lte] = [bound('lt', Number.POSITIVE_INFINITY), bound('lte', Number.POSITIVE_INFINITY)];
  return ({ created }) => created > gt && created >= gte && created < lt && created <= lte;
}
