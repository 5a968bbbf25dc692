import { describe, expect, it } from 'vitest';
import { isVisible } from './pgoutput.rules.ts';

describe('a transaction is told when others see it', () => {
  it('not while it is still among the running ones, though the log has it already', () => {
    expect(isVisible('100:110:103,107', 103)).toBe(false);
    expect(isVisible('100:110:103,107', 104)).toBe(true);
    expect(isVisible('100:110:', 99)).toBe(true);
  });

  it('not when it began after everything that has ended', () => {
    expect(isVisible('100:110:', 110)).toBe(false);
    expect(isVisible('100:110:', 111)).toBe(false);
  });

  it('also when the 32-bit numbers have begun anew', () => {
    const epoch = 2n ** 32n;
    expect(isVisible(`${epoch - 5n}:${epoch + 3n}:${epoch - 2n}`, 2 ** 32 - 2)).toBe(false);
    expect(isVisible(`${epoch - 5n}:${epoch + 3n}:${epoch - 2n}`, 2 ** 32 - 3)).toBe(true);
    expect(isVisible(`${epoch - 5n}:${epoch + 3n}:`, 2)).toBe(true);
    expect(isVisible(`${epoch - 5n}:${epoch - 1n}:`, 1)).toBe(false);
  });
});
