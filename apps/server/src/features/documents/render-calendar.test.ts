import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { type CalendarData, renderCalendar } from './render-calendar.ts';

const data: CalendarData = {
  eventId: '0198a3c2-7e5f-7a10-b3c4-d5e6f7a8b9c0',
  title: 'Salt Line; at, the Ferry',
  startsAt: new Date('2026-12-12T01:00:00Z'),
  endsAt: new Date('2026-12-12T04:00:00Z'),
  doorsAt: new Date('2026-12-12T00:00:00Z'),
  timeZone: 'America/New_York',
  venue: 'Ferry House',
  address: '1 Pier, New York',
  city: 'New York',
  url: 'https://example.com/e/salt-line',
  hostName: 'Sam: Whitlock, "Sons"',
  organizerMailbox: 'tickets@example.com',
  orderCodes: [],
  cancelled: false,
  sequence: 2,
  updatedAt: new Date('2026-11-22T10:00:00Z'),
};

const read = (file: string) => {
  const calendar = new ICAL.Component(ICAL.parse(file));
  const zone = calendar.getFirstSubcomponent('vtimezone');
  if (zone) ICAL.TimezoneService.register(zone);
  const event = calendar.getFirstSubcomponent('vevent') as ICAL.Component;
  const at = (name: string): string => {
    const property = event.getFirstProperty(name) as ICAL.Property;
    const time = property.getFirstValue() as ICAL.Time;
    expect(time.zone.tzid).not.toBe('floating');
    return time.toJSDate().toISOString();
  };
  return { calendar, event, at, words: (name: string) => event.getFirstPropertyValue(name) };
};

describe('a calendar file', () => {
  it('is the same moment to a parser, in the event’s own zone and with that zone’s rules', () => {
    const file = renderCalendar(data);
    const { at, words } = read(file);
    expect(at('dtstart')).toBe('2026-12-12T01:00:00.000Z');
    expect(at('dtend')).toBe('2026-12-12T04:00:00.000Z');
    expect(file).toContain('DTSTART;TZID=America/New_York:20261211T200000');
    expect(file).toMatch(/BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500/);
    expect(words('summary')).toBe(data.title);
    expect(words('location')).toBe('Ferry House, 1 Pier, New York');
    expect(words('description')).toContain('Doors 19:00.');
    expect(words('uid')).toBe('0198a3c2-7e5f-7a10-b3c4-d5e6f7a8b9c0@liventix');
  });

  it('is stamped in UTC, lists its properties before its components, and ends its last line', () => {
    const file = renderCalendar({ ...data, title: 'ю'.repeat(90) });
    expect(file).toContain('\r\nDTSTAMP:20261122T100000Z\r\n');
    expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const head = file.slice(0, file.indexOf('BEGIN:VTIMEZONE')).split('\r\n');
    expect(head.map((line) => line.split(':')[0])).toEqual(['BEGIN', 'PRODID', 'VERSION', 'METHOD', '']);
    const afterZone = file.slice(file.indexOf('END:VTIMEZONE'));
    expect(afterZone).toMatch(/^END:VTIMEZONE\r\nBEGIN:VEVENT\r\n/);
  });

  it.each([false, true])(
    'names an organizer, as METHOD:PUBLISH and METHOD:CANCEL require (cancelled: %s)',
    (cancelled) => {
      const { calendar, event, words } = read(renderCalendar({ ...data, cancelled }));
      expect(calendar.getFirstPropertyValue('method')).toBe(cancelled ? 'CANCEL' : 'PUBLISH');
      expect(words('status')).toBe(cancelled ? 'CANCELLED' : 'CONFIRMED');
      expect(words('organizer')).toBe('mailto:tickets@example.com');
      expect(event.getFirstProperty('organizer')?.getParameter('cn')).toContain('Whitlock');
      expect(event.getAllSubcomponents('valarm')).toHaveLength(cancelled ? 0 : 1);
    },
  );

  it.each([
    ['UTC', 'DTSTART:20261212T010000Z'],
    ['Etc/UTC', 'DTSTART:20261212T010000Z'],
    ['GMT', 'DTSTART:20261212T010000Z'],
    ['Etc/GMT+5', 'DTSTART;TZID=Etc/GMT+5:20261211T200000'],
    ['EST5EDT', 'DTSTART;TZID=EST5EDT:20261211T200000'],
    ['Asia/Tokyo', 'DTSTART;TZID=Asia/Tokyo:20261212T100000'],
    ['Australia/Lord_Howe', 'DTSTART;TZID=Australia/Lord_Howe:20261212T120000'],
  ])('is no floating time in %s', (timeZone, line) => {
    const file = renderCalendar({ ...data, timeZone });
    expect(file).toContain(`\r\n${line}\r\n`);
    expect(read(file).at('dtstart')).toBe('2026-12-12T01:00:00.000Z');
  });

  it('writes a change of the clocks where it is, whatever minute the event starts at', () => {
    const startsAt = new Date('2026-12-12T01:37:00Z');
    const file = renderCalendar({ ...data, startsAt, timeZone: 'Australia/Lord_Howe' });
    expect(file).toMatch(/BEGIN:DAYLIGHT\r\nDTSTART:20261004T020000\r\nTZOFFSETFROM:\+1030\r\nTZOFFSETTO:\+1100/);
  });

  it('ends in the second pass of an hour that the clocks repeat', () => {
    const endsAt = new Date('2026-11-01T06:30:00Z'); // 01:30 in New York for the second time
    const file = renderCalendar({ ...data, startsAt: new Date('2026-11-01T02:00:00Z'), endsAt });
    expect(read(file).at('dtend')).toBe(endsAt.toISOString());
  });

  it('gives a holder the code of her order', () => {
    expect(read(renderCalendar({ ...data, orderCodes: ['K7QM-2FXA'] })).words('description')).toContain(
      'Your order: K7QM-2FXA.',
    );
    expect(renderCalendar(data)).not.toContain('Your order');
  });
});
