/** Minor units of a currency have these decimals; a three-decimal currency is refused when a tier is saved. */
const ZERO_DECIMAL = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
  'UGX',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
]);
const THREE_DECIMAL = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** Currencies an organizer may choose, with the payment provider's smallest charge in minor units. */
export const MINIMUM_CHARGE_CENTS: Record<string, number> = {
  EUR: 50,
  GBP: 30,
  USD: 50,
  CHF: 50,
  SEK: 300,
  NOK: 300,
  DKK: 250,
  PLN: 200,
  CZK: 1500,
  HUF: 17500,
  RON: 200,
  JPY: 50,
  AUD: 50,
  CAD: 50,
  NZD: 50,
  SGD: 50,
  HKD: 400,
  BRL: 50,
  MXN: 1000,
};

/** The payment provider's largest charge in minor units; also what one order may cost (a test holds the SQL to it). */
export const MAXIMUM_CHARGE_CENTS = 99_999_999;

export const CURRENCIES = Object.keys(MINIMUM_CHARGE_CENTS);

/** Decimals of the currency's minor unit: 0 or 2. Throws for three-decimal currencies, which we refuse. */
export function decimalsOf(currency: string): 0 | 2 {
  if (THREE_DECIMAL.has(currency)) throw new RangeError(`three-decimal currency ${currency}`);
  return ZERO_DECIMAL.has(currency) ? 0 : 2;
}

/** The same amount in another currency's minor units: ¥3,000 are €3,000. Null when that has no such small unit: €24.99 in yen. */
export function sameAmount(cents: number, from: string, to: string): number | null {
  const amount = (cents * 10 ** decimalsOf(to)) / 10 ** decimalsOf(from);
  return Number.isInteger(amount) ? amount : null;
}

/** Whether a face price can be charged: 0, or what the provider takes, in a currency we take. */
export function isChargeable(priceCents: number, currency: string): boolean {
  const minimum = MINIMUM_CHARGE_CENTS[currency];
  return (
    minimum !== undefined &&
    Number.isSafeInteger(priceCents) &&
    (priceCents === 0 || (priceCents >= minimum && priceCents <= MAXIMUM_CHARGE_CENTS))
  );
}

/**
 * Money as people read it: symbol by Intl, decimals only where `decimals` asks or the amount has them.
 * A list passes `decimals: true` for all rows when one row needs them.
 */
export function formatMoney(
  cents: number,
  currency: string,
  locale: string,
  options: { decimals?: boolean } = {},
): string {
  const digits = decimalsOf(currency);
  const fraction = digits === 0 ? 0 : options.decimals || cents % 100 !== 0 ? 2 : 0;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  }).format(cents / 10 ** digits);
}

export interface FeeRule {
  /** Share of the face price, in basis points. */
  feeBps: number;
  /** Added to each paid ticket, minor units. */
  feeFixedCents: number;
  /** Most a ticket's fee may be; null for no cap. */
  feeCapCents: number | null;
  paidBy: 'buyer' | 'organizer';
}

export interface TaxRule {
  /** Rate in basis points of face + fee. */
  rateBps: number;
  /** Whether the price already contains it. */
  included: boolean;
}

export interface Quote {
  faceCents: number;
  feeCents: number;
  taxCents: number;
  /** What the buyer pays for one ticket, tax added on top included. */
  totalCents: number;
}

const halfUp = (x: number) => Math.floor(x + 0.5);

/**
 * The quote of one ticket (docs/domain.md, "Order"): fee on the face price only, free tickets carry none; half-up per ticket.
 * Tax included: `taxCents` is a part of face + fee. Tax added: it comes on top.
 * The same arithmetic stands in SQL (`ticketing.quote_of`); a property test holds them together.
 */
export function quoteOf(faceCents: number, fee: FeeRule, tax: TaxRule): Quote {
  const raw = faceCents === 0 ? 0 : halfUp((faceCents * fee.feeBps) / 10_000) + fee.feeFixedCents;
  const charged = fee.feeCapCents === null ? raw : Math.min(raw, fee.feeCapCents);
  const feeCents = fee.paidBy === 'buyer' ? charged : 0;
  const base = faceCents + feeCents;
  const taxCents = tax.included
    ? halfUp((base * tax.rateBps) / (10_000 + tax.rateBps))
    : halfUp((base * tax.rateBps) / 10_000);
  return { faceCents, feeCents, taxCents, totalCents: tax.included ? base : base + taxCents };
}
