import { describe, expect, it } from 'vitest';
import { type CardEntry, findMistakes, formatCvc, formatExpiry, formatNumber } from './card-entry.rules.ts';

const today = new Date(2026, 10, 22);
const good: CardEntry = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123', country: 'DE' };
const codes = (entry: Partial<CardEntry>) => findMistakes({ ...good, ...entry }, today).map((mistake) => mistake.code);

describe('a card form finds what Stripe finds', () => {
  it.each([
    [{}, []],
    [{ number: '' }, ['incomplete_number']],
    [{ number: '4242 4242' }, ['incomplete_number']],
    [{ number: '4242 4242 4242 4241' }, ['invalid_number']],
    [{ expiry: '1' }, ['incomplete_expiry']],
    [{ expiry: '13 / 34' }, ['incomplete_expiry']],
    [{ expiry: '12 / 25' }, ['invalid_expiry_year_past']],
    [{ expiry: '10 / 26' }, ['invalid_expiry_month_past']],
    [{ expiry: '11 / 26' }, []],
    [{ cvc: '12' }, ['incomplete_cvc']],
    [{ number: '3782 822463 10005', cvc: '123' }, ['incomplete_cvc']],
    [{ number: '', expiry: '', cvc: '' }, ['incomplete_number', 'incomplete_expiry', 'incomplete_cvc']],
  ])('%j: %j', (entry, expected) => expect(codes(entry)).toEqual(expected));
});

it('what is typed is put in groups', () => {
  expect(formatNumber('4242424242424242')).toBe('4242 4242 4242 4242');
  expect(formatNumber('378282246310005')).toBe('3782 822463 10005');
  expect(formatNumber('42x4')).toBe('424');
  expect([formatExpiry('1'), formatExpiry('5'), formatExpiry('123'), formatExpiry('1234')]).toEqual([
    '1',
    '05',
    '12 / 3',
    '12 / 34',
  ]);
  expect([formatCvc('12345', '4242'), formatCvc('12345', '3782')]).toEqual(['123', '1234']);
});
