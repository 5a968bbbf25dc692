import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, decimalsOf, type FeeRule, formatMoney, isChargeable, quoteOf, type TaxRule } from './money.ts';

const LOCALES = ['en', 'en-GB', 'de', 'fr-CH', 'ja', 'pl'];
const ZERO_DECIMAL = ['JPY', 'KRW', 'CLP', 'VND', 'XOF'];
const THREE_DECIMAL = ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

const price = fc.integer({ min: 0, max: 100_000_000 });
const fee: fc.Arbitrary<FeeRule> = fc.record({
  feeBps: fc.integer({ min: 0, max: 5000 }),
  feeFixedCents: fc.integer({ min: 0, max: 100_000 }),
  feeCapCents: fc.option(fc.integer({ min: 0, max: 100_000 })),
  paidBy: fc.constantFrom('buyer', 'organizer'),
});
const tax: fc.Arbitrary<TaxRule> = fc.record({ rateBps: fc.integer({ min: 0, max: 3000 }), included: fc.boolean() });

/** The digits of a written amount as one number of its smallest written unit; in every locale asked the last separator is the decimal one. */
function readBack(text: string, currency: string): number {
  const decimals = decimalsOf(currency); // not what a locale's data writes: it leaves out the fillér of a forint
  const digits = Number(text.replace(/\D/g, ''));
  const hasFraction = new RegExp(`[.,]\\d{${decimals}}(?!\\d)`).test(text);
  return decimals === 0 || hasFraction ? digits : digits * 10 ** decimals;
}

describe('money as people read it', () => {
  it('says every amount exactly, in every currency and locale', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000_000 }),
        fc.constantFrom(...CURRENCIES),
        fc.constantFrom(...LOCALES),
        fc.boolean(),
        (cents, currency, locale, decimals) => {
          expect(readBack(formatMoney(cents, currency, locale, { decimals }), currency)).toBe(cents);
        },
      ),
      { numRuns: 500, examples: [[500, 'HUF', 'en', false]] },
    );
  });

  it('shows decimals where the amount has them or the list asks, and nowhere else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.boolean(), (cents, decimals) => {
        expect(formatMoney(cents, 'EUR', 'en', { decimals }).includes('.')).toBe(decimals || cents % 100 !== 0);
      }),
    );
  });

  it.each(ZERO_DECIMAL)('never divides %s, which has no smaller unit', (currency) => {
    expect(decimalsOf(currency)).toBe(0);
    const text = formatMoney(3800, currency, 'en', { decimals: true });
    expect(text).toContain('3,800');
    expect(text).not.toContain('.');
  });

  it('writes a price of 3,800 yen as people in Japan and elsewhere know it', () => {
    expect(formatMoney(3800, 'JPY', 'en')).toBe('¥3,800');
    expect(formatMoney(3800, 'EUR', 'en')).toBe('€38');
    expect(formatMoney(3850, 'EUR', 'en')).toBe('€38.50');
  });

  it.each(THREE_DECIMAL)('refuses %s, whose thousandths we cannot keep', (currency) => {
    expect(() => decimalsOf(currency)).toThrow(RangeError);
    expect(() => formatMoney(1000, currency, 'en')).toThrow(RangeError);
    expect(isChargeable(1000, currency)).toBe(false);
  });

  it('offers no currency that it cannot write', () => {
    for (const currency of CURRENCIES) expect([0, 2]).toContain(decimalsOf(currency));
  });

  it('takes a free ticket or at least the smallest charge, in whole minor units', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.integer({ min: 1, max: 29 }), (currency, cents) => {
        expect(isChargeable(0, currency)).toBe(true);
        expect(isChargeable(cents, currency)).toBe(false);
        expect(isChargeable(50_000 + 0.5, currency)).toBe(false);
        expect(isChargeable(-cents, currency)).toBe(false);
        expect(isChargeable(50_000, currency)).toBe(true);
      }),
    );
  });
});

describe('the quote of one ticket', () => {
  it('is made of whole, non-negative minor units that add up to what the buyer pays', () => {
    fc.assert(
      fc.property(price, fee, tax, (face, feeRule, taxRule) => {
        const quote = quoteOf(face, feeRule, taxRule);
        for (const cents of Object.values(quote)) expect(Number.isSafeInteger(cents) && cents >= 0).toBe(true);
        const base = quote.faceCents + quote.feeCents;
        expect(quote.faceCents).toBe(face);
        expect(quote.totalCents).toBe(taxRule.included ? base : base + quote.taxCents);
      }),
      { numRuns: 1000 },
    );
  });

  it('has no fee on a free ticket, none for the buyer when the host pays it, and never more than the cap', () => {
    fc.assert(
      fc.property(price, fee, tax, (face, feeRule, taxRule) => {
        expect(quoteOf(0, feeRule, taxRule)).toEqual({ faceCents: 0, feeCents: 0, taxCents: 0, totalCents: 0 });
        const { feeCents } = quoteOf(face, feeRule, taxRule);
        if (feeRule.paidBy === 'organizer') expect(feeCents).toBe(0);
        if (feeRule.feeCapCents !== null) expect(feeCents).toBeLessThanOrEqual(feeRule.feeCapCents);
      }),
    );
  });

  it('is within half a minor unit of the exact tax, rounded up at the half', () => {
    fc.assert(
      fc.property(price, fee, tax, (face, feeRule, taxRule) => {
        const { feeCents, taxCents } = quoteOf(face, feeRule, taxRule);
        const base = face + feeCents;
        const whole = taxRule.included ? 10_000 + taxRule.rateBps : 10_000;
        const offBy = taxCents * whole - base * taxRule.rateBps;
        expect(offBy * 2).toBeGreaterThan(-whole);
        expect(offBy * 2).toBeLessThanOrEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it('never falls when the price rises', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 1, max: 10_000 }), fee, tax, (face, more, feeRule, taxRule) => {
        expect(quoteOf(face + more, feeRule, taxRule).totalCents).toBeGreaterThan(
          quoteOf(face, feeRule, taxRule).totalCents,
        );
      }),
    );
  });
});
