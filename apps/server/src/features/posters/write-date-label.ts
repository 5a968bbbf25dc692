// Making one costs more than all else here, and every event page asks. As many as there are zones in use.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: '2-digit', month: 'short' });
    formats.set(timeZone, format);
  }
  return format;
}

/** The date as a poster's strip shows it, in the event's own zone: "Fri 04 Dec". */
export function writeDateLabel(startsAt: Date, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(startsAt);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  // Three letters for every month: British English writes "Sept".
  return `${part('weekday')} ${part('day')} ${part('month').slice(0, 3)}`;
}
