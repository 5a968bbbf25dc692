import { describe, expect, it } from 'vitest';
import { digitCells, mayReplace, paceDelayMs, placesNews } from './live-number.rules.ts';

describe('a live number', () => {
  it('changes at most four times a second', () => {
    expect(paceDelayMs(1_000, 1_100)).toBe(150);
    expect(paceDelayMs(1_000, 1_250)).toBe(0);
    expect(paceDelayMs(1_000, 9_000)).toBe(0);
  });

  it('never shows an older version', () => {
    expect(mayReplace(7, 6)).toBe(false);
    expect(mayReplace(7, 7)).toBe(true);
    expect(mayReplace(7, 8)).toBe(true);
    expect(mayReplace(undefined, 3)).toBe(true);
  });

  it('keeps the places of its digits when it gets shorter', () => {
    expect(digitCells('100').map((cell) => cell.place)).toEqual([2, 1, 0]);
    expect(digitCells('99').map((cell) => cell.place)).toEqual([1, 0]);
  });

  it('rolls digits only, not separators and symbols', () => {
    expect(digitCells('€1,2').map((cell) => cell.isDigit)).toEqual([false, true, false, true]);
  });
});

describe('what is spoken about places', () => {
  it('is nothing while many are left', () => {
    expect(placesNews(80, 79)).toBeNull();
    expect(placesNews(9, 8)).toBeNull();
    expect(placesNews(4, 4)).toBeNull();
  });

  it('is the count on falling to 10, 5 and 1, also when a step jumps over it', () => {
    expect(placesNews(11, 10)).toEqual({ say: 'left', count: 10 });
    expect(placesNews(12, 8)).toEqual({ say: 'left', count: 8 });
    expect(placesNews(6, 5)).toEqual({ say: 'left', count: 5 });
    expect(placesNews(2, 1)).toEqual({ say: 'left', count: 1 });
  });

  it('is that none are left, and how many came back', () => {
    expect(placesNews(1, 0)).toEqual({ say: 'gone' });
    expect(placesNews(0, 2)).toEqual({ say: 'back', count: 2 });
  });

  it('is nothing when a number rises from one count to another', () => {
    expect(placesNews(3, 12)).toBeNull();
  });
});
