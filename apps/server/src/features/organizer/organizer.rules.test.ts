import { describe, expect, it } from 'vitest';
import { instantOf, instantsOf, isZone, localOf, searchWords } from './organizer.rules.ts';

describe('local times', () => {
  it('give one instant on an ordinary day', () => {
    expect(instantsOf('2026-12-04T20:00', 'Europe/Berlin')).toEqual([Date.parse('2026-12-04T19:00:00Z')]);
    expect(instantsOf('2026-07-04T20:00', 'Asia/Kolkata')).toEqual([Date.parse('2026-07-04T14:30:00Z')]);
    expect(instantsOf('2026-07-04T00:30', 'Pacific/Kiritimati')).toEqual([Date.parse('2026-07-03T10:30:00Z')]);
  });

  it('are refused in the hour the clocks jump over', () => {
    expect(instantsOf('2027-03-28T02:30', 'Europe/Berlin')).toEqual([]);
    expect(instantOf('2027-03-28T02:30', 'Europe/Berlin')).toEqual({ code: 'LOCAL_TIME_MISSING' });
    expect(instantOf('2027-03-14T02:00', 'America/New_York')).toEqual({ code: 'LOCAL_TIME_MISSING' });
  });

  it('ask which one is meant in the hour the clocks repeat', () => {
    const earlier = Date.parse('2026-10-25T00:30:00Z');
    const later = Date.parse('2026-10-25T01:30:00Z');
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toEqual({
      code: 'LOCAL_TIME_DOUBLED',
      choices: [earlier, later],
    });
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin', 'earlier')).toBe(earlier);
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin', 'later')).toBe(later);
    expect(instantsOf('2027-04-04T01:45', 'Australia/Lord_Howe')).toHaveLength(2);
  });

  it('do not exist on the 30th of February', () => {
    expect(instantsOf('2026-02-30T20:00', 'Europe/Berlin')).toEqual([]);
  });

  it('come back as they were typed', () => {
    for (const zone of ['Europe/Lisbon', 'America/St_Johns', 'Asia/Tokyo', 'Australia/Lord_Howe']) {
      const [ms] = instantsOf('2026-12-31T23:45', zone);
      expect(localOf(ms ?? 0, zone)).toBe('2026-12-31T23:45');
    }
  });

  it('know which zones there are', () => {
    expect(isZone('Europe/Berlin')).toBe(true);
    expect(isZone('Europe/Atlantis')).toBe(false);
    expect(isZone('+02:00')).toBe(false);
  });
});

describe('lists', () => {
  it('search for what was typed, signs included, word by word', () => {
    expect(searchWords(' 50%_off\\  0042 ')).toEqual([
      { part: '%50\\%\\_off\\\\%', code: '50\\%\\_off\\\\%', number: '50%_off\\' },
      { part: '%0042%', code: '0042%', number: '42' },
    ]);
    expect(searchWords('du')).toEqual([{ part: '%du%', code: null, number: 'du' }]);
    expect(searchWords(undefined)).toEqual([]);
  });
});
