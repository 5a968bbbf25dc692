import { describe, expect, it } from 'vitest';
import { holdMood, offersMoreTime, spokenMoment } from './hold-ring.rules.ts';

describe('the hold ring', () => {
  it('is violet above five minutes, ink to one, live below', () => {
    expect(holdMood(301)).toBe('calm');
    expect(holdMood(300)).toBe('plain');
    expect(holdMood(60)).toBe('plain');
    expect(holdMood(59)).toBe('urgent');
  });

  it('speaks at 5:00, 1:00, 0:15 and the end, once each', () => {
    expect(spokenMoment(301, 300)).toBe(300);
    expect(spokenMoment(300, 299)).toBeNull();
    expect(spokenMoment(61, 60)).toBe(60);
    expect(spokenMoment(16, 15)).toBe(15);
    expect(spokenMoment(1, 0)).toBe(0);
  });

  it('says only the latest moment after a sleep', () => {
    expect(spokenMoment(400, 40)).toBe(60);
    expect(spokenMoment(400, 0)).toBe(0);
  });

  it('says nothing when the time was extended', () => {
    expect(spokenMoment(110, 410)).toBeNull();
  });

  it('offers more time from two minutes on, not after the end', () => {
    expect(offersMoreTime(121)).toBe(false);
    expect(offersMoreTime(120)).toBe(true);
    expect(offersMoreTime(0)).toBe(false);
  });
});
