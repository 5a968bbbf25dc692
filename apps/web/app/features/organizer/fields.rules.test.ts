import { describe, expect, it } from 'vitest';
import { amountField, optional, percentField, priceField, requiredField, wholeField } from './fields.rules.ts';

const details = (key: string, rest: object) => ({ problem: { code: 'FIELD', words: null, details: { key, ...rest } } });

describe('fields of a form', () => {
  it.each(['51', '60', '-1', 'abc', '', '4.567', '1e1'])('refuse a fee of "%s" per cent with its bounds', (typed) => {
    expect(percentField(5000).read(typed)).toEqual(details('between', { min: '0', max: '50' }));
  });

  it('read what stands for a value, and write it as it is read', () => {
    expect(percentField(5000).read('4,5')).toEqual({ value: 450 });
    expect(percentField(5000).write(450)).toBe('4.5');
    expect(amountField('EUR', 100_000).read('0,5')).toEqual({ value: 50 });
    expect(optional(amountField('EUR', 100_000)).read(' ')).toEqual({ value: null });
    expect(requiredField.read(' Tape ')).toEqual({ value: 'Tape' });
    expect(requiredField.read('  ')).toEqual(details('required', {}));
  });

  it.each([
    ['EUR', '0.30', 'price', { min: '€0.50' }],
    ['EUR', '-5', 'price', { min: '€0.50' }],
    ['EUR', '', 'price', { min: '€0.50' }],
    ['EUR', '1000000', 'at_most', { max: '€999,999.99' }],
    ['JPY', '49', 'price', { min: '¥50' }],
  ])('say what can be charged in %s instead of "%s"', (currency, typed, key, bounds) => {
    expect(priceField(currency).read(typed)).toEqual(details(key, bounds));
  });

  it.each(['0', '50', '35.01'])('take a price of "%s"', (typed) => {
    expect(priceField('EUR').read(typed)).toEqual({ value: Math.round(Number(typed) * 100) });
  });

  it.each(['', '1.5', '200001', '-1', 'many'])('refuse "%s" places with their bounds', (typed) => {
    expect(wholeField(0, 200_000).read(typed)).toEqual(details('between', { min: '0', max: '200,000' }));
  });
});
