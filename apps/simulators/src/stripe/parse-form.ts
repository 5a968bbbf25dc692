/** A decoded form: Stripe's `a[b][0]=c` becomes `{ a: { b: ['c'] } }`. Every leaf is a string. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type Form = { [key: string]: FormValue };

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Decodes one or more urlencoded texts (query and body) into one form; a later text wins. */
export function parseForm(...texts: string[]): Form {
  const form: Form = {};
  for (const text of texts) {
    for (const [key, value] of new URLSearchParams(text)) put(form, key.replaceAll(']', '').split('['), value);
  }
  return form;
}

function put(form: Form, path: string[], value: string): void {
  if (path.some((step) => FORBIDDEN.has(step))) return;
  let target: Form | FormValue[] = form;
  for (const [depth, step] of path.entries()) {
    const next = path[depth + 1];
    if (next === undefined) {
      if (Array.isArray(target)) target.push(value);
      else target[step] = value;
      return;
    }
    const existing: FormValue | undefined = Array.isArray(target) ? target[Number(step)] : target[step];
    const child: Form | FormValue[] =
      existing !== undefined && typeof existing !== 'string' ? existing : /^\d*$/.test(next) ? [] : {};
    if (Array.isArray(target)) target[Number(step)] = child;
    else target[step] = child;
    target = child;
  }
}

export function textOf(form: Form, key: string): string | undefined {
  const value = form[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A nested form, `{}` when absent or not a form. */
export function formOf(form: Form, key: string): Form {
  const value = form[key];
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

export function listOf(form: Form, key: string): string[] | undefined {
  const value = form[key];
  if (value === undefined) return undefined;
  const items = Array.isArray(value) ? value : typeof value === 'object' ? Object.values(value) : [value];
  return items.filter((item): item is string => typeof item === 'string' && item !== '');
}
