/** Dates as our documents say them: in the event's own zone, and the zone named where it matters. */

const LOCALE = 'en-GB';

/** "20:00" */
export function writeClock(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(LOCALE, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** "Friday 4 December 2026" */
export function writeDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(LOCALE, { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    .format(at)
    .replace(',', '');
}

/** "Friday 4 December 2026, 20:00" */
export function writeWhen(at: Date, timeZone: string): string {
  return `${writeDay(at, timeZone)}, ${writeClock(at, timeZone)}`;
}
