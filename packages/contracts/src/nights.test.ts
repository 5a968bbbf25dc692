import { describe, expect, it } from 'vitest';
import { refundDeadline, spansDays } from './nights.ts';

const at = (iso: string) => Date.parse(iso);

describe('an event', () => {
  it.each([
    ['23:30–06:00 is one night', '2027-05-14T21:30Z', '2027-05-15T04:00Z', false],
    ['18:00–23:00 is one evening', '2027-05-14T16:00Z', '2027-05-14T21:00Z', false],
    ['half past midnight until six is one night', '2027-05-14T22:30Z', '2027-05-15T04:00Z', false],
    ['Friday to Sunday is three days', '2027-05-14T16:00Z', '2027-05-16T21:00Z', true],
    ['Friday evening to Saturday evening is two days', '2027-05-14T18:00Z', '2027-05-15T18:00Z', true],
  ])('%s', (_what, start, end, spans) => {
    expect(spansDays(at(start), at(end), 'Europe/Berlin')).toBe(spans);
  });

  it('says until when its tickets may be returned, and that a day has gone', () => {
    const start = at('2026-12-01T19:00Z');
    expect(refundDeadline('until_7d', start)).toBe(at('2026-11-24T19:00Z'));
    expect(refundDeadline('until_1d', start)).toBe(at('2026-11-30T19:00Z'));
    expect(refundDeadline('until_start', start)).toBe(start);
    expect(refundDeadline('none', start)).toBeNull();
  });
});
