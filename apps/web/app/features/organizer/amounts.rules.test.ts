import { expect, it } from 'vitest';
import { parseAmount, writeAmount } from './amounts.rules.ts';

it('amounts are read as people type them, without a cent lost', () => {
  expect(parseAmount('18,50', 'EUR')).toBe(1850);
  expect(parseAmount('18.5', 'EUR')).toBe(1850);
  expect(parseAmount('0.29', 'EUR')).toBe(29);
  expect(parseAmount('1 200', 'EUR')).toBe(120_000);
  expect(parseAmount('3800', 'JPY')).toBe(3800);
  expect(parseAmount('38.5', 'JPY')).toBeNull();
  expect(parseAmount('18.505', 'EUR')).toBeNull();
  expect(parseAmount('-1', 'EUR')).toBeNull();
  for (const cents of [0, 1, 99, 1850, 120_000]) expect(parseAmount(writeAmount(cents, 'EUR'), 'EUR')).toBe(cents);
});
