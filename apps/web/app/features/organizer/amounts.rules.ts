import { decimalsOf } from '@liventix/contracts/money';

/** "18,50" or "18.5" as minor units of the currency; null when it is no amount. */
export function parseAmount(typed: string, currency: string): number | null {
  const text = typed.trim().replace(/\s/g, '').replace(',', '.');
  const digits = decimalsOf(currency);
  if (!(digits === 0 ? /^\d{1,9}$/ : /^\d{1,7}(\.\d{0,2})?$/).test(text)) return null;
  return Math.round(Number(text) * 10 ** digits);
}

/** Minor units as people type them: "18.50", "18", "3800". */
export function writeAmount(cents: number, currency: string): string {
  const digits = decimalsOf(currency);
  const text = (cents / 10 ** digits).toFixed(digits);
  return text.replace(/\.00$/, '');
}
