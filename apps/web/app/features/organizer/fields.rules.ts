import { isChargeable, MAXIMUM_CHARGE_CENTS, MINIMUM_CHARGE_CENTS } from '@liventix/contracts/money';
import { formatCount, formatMoney } from '~/platform/format.ts';
import type { Problem, Reading } from '~/platform/forms/edits.ts';
import { parseAmount, writeAmount } from './amounts.rules.ts';

/** How a value stands in its control, and how what stands there is read. A problem names the bounds it broke. */
export interface Codec<T> {
  write: (value: T) => string;
  read: (typed: unknown) => Reading<T>;
}

/** A key of `field` in the words of the organizer, with what it says. */
const problem = (key: string, details: Record<string, unknown> = {}): { problem: Problem } => ({
  problem: { code: 'FIELD', words: null, details: { key, ...details } },
});

export const lineField: Codec<string> = {
  write: (value) => value,
  read: (typed) => ({ value: String(typed).trim() }),
};

export const requiredField: Codec<string> = {
  write: (value) => value,
  read: (typed) => (String(typed).trim() ? { value: String(typed).trim() } : problem('required')),
};

export const textField: Codec<string> = { write: (value) => value, read: (typed) => ({ value: String(typed) }) };

/** A wall time, an address, a choice: empty is nothing. */
export function orNothing<T extends string>(): Codec<T | null> {
  return {
    write: (value) => value ?? '',
    read: (typed) => ({ value: (String(typed).trim() || null) as T | null }),
  };
}

export function choiceField<T extends string>(): Codec<T> {
  return { write: (value) => value, read: (typed) => ({ value: typed as T }) };
}

const between = (min: number, max: number) => problem('between', { min: formatCount(min), max: formatCount(max) });
const EMPTY = /^\s*$/;

export function wholeField(min: number, max: number): Codec<number> {
  return {
    write: (value) => (Number.isNaN(value) ? '' : String(value)),
    read: (typed) => {
      const value = Number(typed);
      if (EMPTY.test(String(typed)) || !Number.isInteger(value) || value < min || value > max) return between(min, max);
      return { value };
    },
  };
}

/** Empty is nothing. */
export function optional<T>({ write, read }: Codec<T>): Codec<T | null> {
  return {
    write: (value) => (value === null ? '' : write(value)),
    read: (typed) => (EMPTY.test(String(typed)) ? { value: null } : read(typed)),
  };
}

/** Per cent as basis points: "4.5" is 450. */
export function percentField(maxBps: number): Codec<number> {
  return {
    write: (bps) => String(bps / 100),
    read: (typed) => {
      const text = String(typed).trim().replace(',', '.');
      const bps = Math.round(Number(text) * 100);
      if (!/^\d{1,3}(\.\d{1,2})?$/.test(text) || bps > maxBps) return between(0, maxBps / 100);
      return { value: bps };
    },
  };
}

/** An amount of money in minor units, from nothing to `maxCents`. */
export function amountField(currency: string, maxCents: number): Codec<number> {
  const money = (cents: number) => formatMoney(cents, currency);
  return {
    write: (cents) => writeAmount(cents, currency),
    read: (typed) => {
      const cents = parseAmount(String(typed), currency);
      if (cents === null || cents > maxCents) return problem('between', { min: money(0), max: money(maxCents) });
      return { value: cents };
    },
  };
}

/** A price: 0, or what the payment provider can charge. */
export function priceField(currency: string): Codec<number> {
  const least = formatMoney(MINIMUM_CHARGE_CENTS[currency] ?? 0, currency);
  return {
    write: (cents) => (Number.isNaN(cents) ? '' : writeAmount(cents, currency)),
    read: (typed) => {
      const cents = parseAmount(String(typed), currency);
      if (cents !== null && isChargeable(cents, currency)) return { value: cents };
      if (cents !== null && cents > MAXIMUM_CHARGE_CENTS)
        return problem('at_most', { max: formatMoney(MAXIMUM_CHARGE_CENTS, currency) });
      return problem('price', { min: least });
    },
  };
}
