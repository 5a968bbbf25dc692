import { AMOUNT_MAX, decimalsOf, formatAmount, isCurrency, minimumAmount } from './currencies.rules.ts';
import { type Form, textOf } from './parse-form.ts';
import { refuseInput } from './stripe-refusal.ts';

/** A positive whole number of minor units, or undefined when the form has none. */
export function readAmount(form: Form, param = 'amount'): number | undefined {
  const text = textOf(form, param);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) refuseInput('parameter_invalid_integer', `Invalid integer: ${text}`, param);
  const amount = Number(text);
  if (amount < 1) refuseInput('parameter_invalid_integer', 'This value must be greater than or equal to 1.', param);
  return amount;
}

export function readCurrency(form: Form): string | undefined {
  const currency = textOf(form, 'currency')?.toLowerCase();
  if (currency !== undefined && !isCurrency(currency)) {
    refuseInput(undefined, `Invalid currency: ${currency}.`, 'currency');
  }
  return currency;
}

/** Refuses what Stripe does not charge: below the currency's minimum, above eight digits, a third decimal. */
export function requireChargeable(amount: number, currency: string): void {
  const minimum = minimumAmount(currency);
  if (amount < minimum) {
    refuseInput('amount_too_small', `Amount must be at least ${formatAmount(minimum, currency)} ${currency}`, 'amount');
  }
  if (amount > AMOUNT_MAX) {
    const most = formatAmount(AMOUNT_MAX, currency);
    refuseInput('amount_too_large', `Amount must be no more than ${most} ${currency}`, 'amount');
  }
  if (decimalsOf(currency) === 3 && amount % 10 !== 0) {
    refuseInput('invalid_charge_amount', `Amounts in ${currency} must end in 0.`, 'amount');
  }
}
