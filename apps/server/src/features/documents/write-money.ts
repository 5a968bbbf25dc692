import { decimalsOf } from '@liventix/contracts/money';

/**
 * Writes amounts of one list: the symbol by Intl, and decimals for all of them or for none, so that columns of figures
 * line up. Amounts are minor units of the currency (¥3,800 is 3800).
 */
export function moneyWriter(
  currency: string,
  amountsCents: readonly number[],
  locale = 'en-GB',
): (cents: number) => string {
  const digits = decimalsOf(currency); // not what a locale's data writes: it leaves out the fillér of a forint
  const unit = 10 ** digits;
  const whole = amountsCents.every((cents) => cents % unit === 0);
  const decimals = whole ? 0 : digits;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // A true minus: a hyphen before a figure is read as a dash.
  return (cents) => format.format(cents / unit).replace('-', '−');
}

/** One amount alone: "€41", "€41.50". */
export function writeMoney(cents: number, currency: string, locale = 'en-GB'): string {
  return moneyWriter(currency, [cents], locale)(cents);
}
