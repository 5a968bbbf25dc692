/** The event as a calendar file: in its own zone, with the rules of that zone in the file, for clients that know none. */
import { tzOffset } from '@date-fns/tz';
import { isUtc, placeLine } from '@liventix/contracts/places';
import ICAL from 'ical.js';

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
  /** The event's page. */
  url: string;
  hostName: string;
  /** The mailbox that answers for the event; clients want one wherever a file publishes or cancels. */
  organizerMailbox: string;
  /** Codes of the reader's own orders; none for a visitor. */
  orderCodes: readonly string[];
  cancelled: boolean;
  /** Raised by each change, so that a client replaces its copy. */
  sequence: number;
  updatedAt: Date;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const MINUTE_MS = 60_000;

/** A moment by the clock of a place that is so many minutes ahead of UTC; without a zone of its own. */
const clockTime = (at: Date, offsetMinutes: number): ICAL.Time =>
  ICAL.Time.fromDateTimeString(new Date(at.getTime() + offsetMinutes * MINUTE_MS).toISOString().slice(0, 19));

const utcTime = (at: Date): ICAL.Time => ICAL.Time.fromDateTimeString(`${at.toISOString().slice(0, 19)}Z`);

/** Whether a clock shows this time for the second time: after an hour that was set back. */
const isSecondPass = (at: Date, timeZone: string): boolean => {
  const offset = tzOffset(timeZone, at);
  const before = tzOffset(timeZone, new Date(at.getTime() - 3 * 60 * MINUTE_MS));
  return before > offset && tzOffset(timeZone, new Date(at.getTime() - (before - offset) * MINUTE_MS)) === before;
};

interface ZoneChange {
  at: Date;
  before: number;
  after: number;
}

/**
 * Every change of a zone's offset in a span, to the minute. Looks once a week and then halves: no zone changes and changes back
 * within a week, and changes stand wherever the clock puts them, not on the minutes of the span's start.
 */
function listChanges(timeZone: string, from: Date, to: Date): ZoneChange[] {
  const offsetAt = (ms: number): number => tzOffset(timeZone, new Date(ms));
  const changes: ZoneChange[] = [];
  const startMs = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS;
  for (let left = startMs; left < to.getTime(); left += WEEK_MS) {
    const before = offsetAt(left);
    const after = offsetAt(left + WEEK_MS);
    if (before === after) continue;
    let [low, high] = [left, left + WEEK_MS];
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: new Date(high), before, after });
  }
  return changes;
}

/** The VTIMEZONE of a zone around an event: its last change before, and every change until a year after. */
function describeZone(timeZone: string, startsAt: Date, endsAt: Date): ICAL.Component {
  const from = new Date(startsAt.getTime() - 400 * DAY_MS);
  const changes = listChanges(timeZone, from, new Date(endsAt.getTime() + 370 * DAY_MS));
  const offset = tzOffset(timeZone, from);
  const last = changes.findLastIndex(({ at }) => at <= startsAt);
  const parts = last >= 0 ? changes.slice(last) : [{ at: from, before: offset, after: offset }, ...changes];
  const zone = new ICAL.Component('vtimezone');
  zone.addPropertyWithValue('tzid', timeZone);
  for (const { at, before, after } of parts) {
    const part = new ICAL.Component(after > before ? 'daylight' : 'standard');
    part.addPropertyWithValue('dtstart', clockTime(at, before));
    part.addPropertyWithValue('tzoffsetfrom', ICAL.UtcOffset.fromSeconds(before * 60));
    part.addPropertyWithValue('tzoffsetto', ICAL.UtcOffset.fromSeconds(after * 60));
    zone.addSubcomponent(part);
  }
  return zone;
}

/** Whether times are written in UTC: a zone's clock cannot tell the second pass of an hour from the first. */
const writesUtc = ({ timeZone, startsAt, endsAt }: CalendarData): boolean =>
  isUtc(timeZone) || isSecondPass(startsAt, timeZone) || isSecondPass(endsAt, timeZone);

function describeEvent(data: CalendarData): ICAL.Component {
  const { timeZone, doorsAt } = data;
  const event = new ICAL.Component('vevent');
  const moment = (name: string, at: Date): void => {
    if (writesUtc(data)) event.addPropertyWithValue(name, utcTime(at));
    else event.addPropertyWithValue(name, clockTime(at, tzOffset(timeZone, at))).setParameter('tzid', timeZone);
  };
  const doors = doorsAt
    ? `Doors ${new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(doorsAt)}.`
    : null;
  const orders = data.orderCodes.length > 0 ? `Your order: ${data.orderCodes.join(', ')}.` : null;
  const place = placeLine(data);
  event.addPropertyWithValue('uid', `${data.eventId}@liventix`);
  event.addPropertyWithValue('sequence', data.sequence);
  event.addPropertyWithValue('dtstamp', utcTime(data.updatedAt));
  moment('dtstart', data.startsAt);
  moment('dtend', data.endsAt);
  event.addPropertyWithValue('summary', data.title);
  if (place !== '') event.addPropertyWithValue('location', place);
  const words = [doors, orders, data.hostName === '' ? null : `Hosted by ${data.hostName}.`, data.url];
  event.addPropertyWithValue('description', words.filter((part) => part !== null).join('\n'));
  event
    .addPropertyWithValue('organizer', `mailto:${data.organizerMailbox}`)
    .setParameter('cn', data.hostName || 'Liventix');
  event.addPropertyWithValue('url', data.url);
  event.addPropertyWithValue('status', data.cancelled ? 'CANCELLED' : 'CONFIRMED');
  if (!data.cancelled) event.addSubcomponent(describeReminder(data.title));
  return event;
}

/** Three hours before: time to eat, dress and travel. */
function describeReminder(title: string): ICAL.Component {
  const alarm = new ICAL.Component('valarm');
  alarm.addPropertyWithValue('action', 'DISPLAY');
  alarm.addPropertyWithValue('description', title);
  alarm.addPropertyWithValue('trigger', ICAL.Duration.fromString('-PT3H'));
  return alarm;
}

/** Renders an `.ics` file (text/calendar; charset=utf-8) with one event, as RFC 5545 and 5546 want it. */
export function renderCalendar(data: CalendarData): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//Liventix//Liventix//EN');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('method', data.cancelled ? 'CANCEL' : 'PUBLISH');
  if (!writesUtc(data)) calendar.addSubcomponent(describeZone(data.timeZone, data.startsAt, data.endsAt));
  calendar.addSubcomponent(describeEvent(data));
  return `${calendar.toString()}\r\n`;
}
