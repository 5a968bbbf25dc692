/** The event as a calendar file: in its own zone, with the rules of that zone in the file, for clients that know none. */
import { TZDate, tzName, tzOffset, tzScan } from '@date-fns/tz';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

export interface CalendarData {
  eventId: string;
  title: string;
  startsAt: Date;
  endsAt: Date;
  doorsAt: Date | null;
  timeZone: string;
  venue: string;
  address: string | null;
  city: string;
  /** The event's page, or the ticket's for a holder. */
  url: string;
  hostName: string;
  cancelled: boolean;
  /** Raised by each change, so that a client replaces its copy. */
  sequence: number;
  updatedAt: Date;
}

const DAY_MS = 86_400_000;

const writeOffset = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
};

/** Local time without zone, as RFC 5545 wants it: 20261204T200000. */
const writeLocal = (at: Date, offsetMinutes: number): string =>
  new Date(at.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 19).replace(/[-:]/g, '');

/** The VTIMEZONE of a zone around an event: its last change before, and every change until a year after. */
function describeZone(timeZone: string, startsAt: Date, endsAt: Date): string {
  const from = new Date(startsAt.getTime() - 400 * DAY_MS);
  const to = new Date(endsAt.getTime() + 370 * DAY_MS);
  const changes = tzScan(timeZone, { start: from, end: to });
  const parts = changes.map(({ date, offset, change }) => ({ at: date, before: offset - change, after: offset }));
  if (parts.length === 0) {
    const offset = tzOffset(timeZone, startsAt);
    parts.push({ at: new Date(from), before: offset, after: offset });
  }
  const lines = ['BEGIN:VTIMEZONE', `TZID:${timeZone}`];
  for (const { at, before, after } of parts) {
    const kind = after > before ? 'DAYLIGHT' : 'STANDARD';
    lines.push(
      `BEGIN:${kind}`,
      `DTSTART:${writeLocal(at, before)}`,
      `TZOFFSETFROM:${writeOffset(before)}`,
      `TZOFFSETTO:${writeOffset(after)}`,
      `TZNAME:${tzName(timeZone, new Date(at.getTime() + DAY_MS), 'short')}`,
      `END:${kind}`,
    );
  }
  lines.push('END:VTIMEZONE');
  return lines.join('\r\n');
}

/** Renders an `.ics` file (text/calendar; charset=utf-8) with one event. */
export function renderCalendar(data: CalendarData): string {
  const { timeZone, startsAt, endsAt, doorsAt } = data;
  const inZone = (at: Date): TZDate => new TZDate(at.getTime(), timeZone);
  const calendar = ical({
    prodId: { company: 'Liventix', product: 'Liventix', language: 'EN' },
    method: data.cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
    timezone: { name: timeZone, generator: () => describeZone(timeZone, startsAt, endsAt) },
  });
  const place = [data.venue, data.address, data.city].filter((part) => part?.trim()).join(', ');
  const doors = doorsAt
    ? `Doors ${new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(doorsAt)}.`
    : null;
  calendar.createEvent({
    id: `${data.eventId}@liventix`,
    sequence: data.sequence,
    stamp: data.updatedAt,
    start: inZone(startsAt),
    end: inZone(endsAt),
    timezone: timeZone,
    summary: data.title,
    location: place,
    url: data.url,
    description: [doors, `Hosted by ${data.hostName}.`, data.url].filter((part) => part !== null).join('\n'),
    status: data.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  return calendar.toString();
}
