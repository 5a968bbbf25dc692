import { describe, expect, it } from 'vitest';
import '~/platform/i18n/organizer.ts';
import {
  agoParts,
  formatCount,
  formatDate,
  formatMoney,
  formatShare,
  isSameDay,
  sameClock,
  zonePlace,
} from './format.ts';
import { i18nFor } from './i18n/words.ts';

describe('money', () => {
  it('shows decimals only where the list has any', () => {
    expect(formatMoney(1_800, 'EUR')).toBe('€18');
    expect(formatMoney(1_850, 'EUR')).toBe('€18.50');
    expect(formatMoney(1_800, 'EUR', { among: [1_850, 900] })).toBe('€18.00');
    expect(formatMoney(4_100, 'EUR', { decimals: true })).toBe('€41.00');
  });

  it('cuts to whole units and never rounds up: no figure says more than there is', () => {
    expect(formatMoney(198_004_950, 'EUR', { decimals: false })).toBe('€1,980,049');
    expect(formatMoney(198_004_999, 'EUR', { decimals: false, among: [1] })).toBe('€1,980,049');
    expect(formatMoney(-198_004_950, 'EUR', { decimals: false })).toBe('-€1,980,049');
    expect(formatMoney(198_004_950, 'EUR')).toBe('€1,980,049.50');
  });

  it('knows currencies without decimals', () => {
    expect(formatMoney(3_800, 'JPY')).toBe('¥3,800');
    // The provider counts fillér, which no price list in Hungary writes any more: a price a hundred times too high otherwise.
    expect(formatMoney(600_000, 'HUF')).toBe('Ft\u00a06,000');
  });

  it('writes the short symbol of foreign currencies and the sign of refunds', () => {
    expect(formatMoney(3_200, 'USD')).toBe('$32');
    expect(formatMoney(-1_800, 'EUR')).toBe('-€18');
  });
});

describe('counts', () => {
  it('have separators, in sentences too', () => {
    expect(formatCount(60_000)).toBe('60,000');
    const t = i18nFor('en').getFixedT('en', 'organizer');
    expect(t('dash.sold_today', { count: 40_001 })).toBe('40,001 sold today');
    expect(t('dash.of_places', { count: 60_000 })).toBe('of 60,000 places');
  });
});

describe('dates', () => {
  const start = Date.UTC(2026, 11, 4, 19, 0);

  it('are written in the zone of the event', () => {
    expect(formatDate(start, 'Europe/Berlin')).toBe('Fri 4 Dec, 20:00');
    expect(formatDate(start, 'Asia/Tokyo')).toBe('Sat 5 Dec, 04:00');
    expect(formatDate(start, 'Europe/Berlin', 'long')).toBe('Friday 4 December 2026, 20:00');
    expect(formatDate(start, 'Europe/Berlin', 'time')).toBe('20:00');
    expect(formatDate(start, 'Europe/Berlin', 'day')).toBe('Fri 4 Dec');
    expect(formatDate(start, 'Europe/Berlin', 'seconds')).toBe('20:00:00');
  });

  it('are of one day by the clock of the zone', () => {
    const hour = 3_600_000;
    expect(isSameDay(start, start + 4 * hour, 'Europe/Berlin')).toBe(false);
    expect(isSameDay(start, start + 4 * hour, 'Asia/Tokyo')).toBe(true);
    expect(isSameDay(start, start + 365 * 24 * hour, 'Europe/Berlin')).toBe(false);
  });

  it('call midnight 00:00 and September Sep', () => {
    expect(formatDate(Date.UTC(2026, 8, 4, 22, 0), 'Europe/Berlin')).toBe('Sat 5 Sep, 00:00');
  });

  it('know which zones show the same clock', () => {
    expect(sameClock(start, 'Europe/Berlin', 'Europe/Paris')).toBe(true);
    expect(sameClock(start, 'Europe/Berlin', 'Europe/Lisbon')).toBe(false);
    expect(zonePlace('America/New_York')).toBe('New York');
  });

  it('say how long ago in one unit', () => {
    expect(agoParts(0, 59_000)).toEqual({ unit: 'now', count: 0 });
    expect(agoParts(0, 9 * 3_600_000)).toEqual({ unit: 'hours', count: 9 });
    expect(agoParts(5_000, 0)).toEqual({ unit: 'now', count: 0 });
    expect(formatShare(5 / 12)).toBe('42%');
  });
});
