import { describe, expect, it } from 'vitest';
import { placeLine, writeZone } from './places.ts';

describe('the line of a place', () => {
  it.each([
    [{ venue: 'Mill Chapel', address: 'Weir Lane, Leeds', city: 'Leeds' }, 'Mill Chapel, Weir Lane, Leeds'],
    [
      { venue: 'Saal', address: 'Amrumer Straße 30, 13353 Berlin', city: 'Berlin' },
      'Saal, Amrumer Straße 30, 13353 Berlin',
    ],
    [
      { venue: 'Saal', address: 'Amrumer Straße 30, 13353 Berlin, Germany', city: 'Berlin' },
      'Saal, Amrumer Straße 30, 13353 Berlin, Germany',
    ],
    [
      { venue: 'Hall', address: '1 Pentonville Rd, London N1 9GU', city: 'London' },
      'Hall, 1 Pentonville Rd, London N1 9GU',
    ],
    [{ venue: 'Hall', address: 'Berliner Allee 5', city: 'Berlin' }, 'Hall, Berliner Allee 5, Berlin'],
    [{ venue: 'Mill Chapel', address: 'Mill Chapel, Weir Lane', city: 'leeds' }, 'Mill Chapel, Weir Lane, leeds'],
    [{ venue: 'Berlin', address: null, city: 'Berlin' }, 'Berlin'],
    [{ venue: '東京ドーム', address: '', city: '東京' }, '東京ドーム, 東京'],
  ])('says the city once: %j', (parts, line) => expect(placeLine(parts)).toBe(line));

  it('has no comma around nothing', () => {
    expect(placeLine({ venue: ' ', address: '', city: 'Leeds' })).toBe('Leeds');
    expect(placeLine({ venue: 'Mill Chapel', address: null, city: '' })).toBe('Mill Chapel');
    expect(placeLine({})).toBe('');
  });
});

describe('the words for a zone', () => {
  it.each([
    ['America/New_York', 'New York time'],
    ['UTC', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['GMT', 'UTC'],
    ['Etc/GMT+5', 'UTC−5'],
    ['Etc/GMT-14', 'UTC+14'],
    ['EST5EDT', 'Eastern Time'],
    ['CET', 'Central European Time'],
  ])('%s is %s', (zone, words) => expect(writeZone(zone)).toBe(words));
});
