/** Where an event is, and whose clock its times are on: the same words on pages, mails, paper and in calendar files. */

export interface PlaceParts {
  venue?: string | null | undefined;
  address?: string | null | undefined;
  city?: string | null | undefined;
}

const squash = (text: string | null | undefined): string => (text ?? '').replace(/\s+/gu, ' ').trim();

/** "Berlin", "13353 Berlin" and "London N1 9GU" name the city; "Berliner Allee" does not. */
const namesCity = (part: string, city: string): boolean => {
  if (part === city) return true;
  const rest = part.startsWith(`${city} `)
    ? part.slice(city.length + 1)
    : part.endsWith(` ${city}`)
      ? part.slice(0, -city.length - 1)
      : null;
  return rest !== null && /\d/.test(rest) && rest.length <= 10;
};

/**
 * One line from what is known of a place: "Mill Chapel, Weir Lane, Leeds". Empty parts leave no comma behind, and a city that
 * the address or the venue already names is not said again.
 */
export function placeLine({ venue, address, city }: PlaceParts): string {
  const [hall, street, town] = [squash(venue), squash(address), squash(city)];
  const lower = street.toLowerCase();
  const told =
    street !== '' && hall !== '' && (lower === hall.toLowerCase() || lower.startsWith(`${hall.toLowerCase()},`));
  const parts = [told ? '' : hall, street].filter((part) => part !== '');
  const line = parts.join(', ').toLowerCase();
  const needle = town.toLowerCase();
  const said =
    (street !== '' && lower.endsWith(` ${needle}`)) || line.split(/, ?/).some((part) => namesCity(part, needle));
  return [...parts, ...(town === '' || said ? [] : [town])].join(', ');
}

/** Names under which the zone database knows Greenwich without summer time. */
const UTC_NAMES = /^(Etc\/)?(UTC|UCT|GMT|GMT[+-]?0|Zulu|Universal|Greenwich)$/i;

/** Whether a zone is UTC under one of its names. */
export function isUtc(timeZone: string): boolean {
  return UTC_NAMES.test(timeZone);
}

/** Names of zones differ by year: in 1970 few had a summer time. */
const MIDSUMMER_MS = Date.UTC(2026, 6, 1);

/**
 * A zone in words: "New York time" from "America/New_York". Zones without a place in their name get the name that people use:
 * "Eastern Time" from "EST5EDT", "UTC−5" from "Etc/GMT+5", whose sign is the other way round.
 */
export function writeZone(timeZone: string): string {
  if (isUtc(timeZone)) return 'UTC';
  const fixed = /^Etc\/GMT([+-])(\d+)$/i.exec(timeZone);
  if (fixed) return `UTC${fixed[1] === '+' ? '−' : '+'}${fixed[2]}`;
  const place = timeZone.includes('/') ? timeZone.split('/').at(-1) : undefined;
  if (place) return `${place.replaceAll('_', ' ')} time`;
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longGeneric' }).formatToParts(MIDSUMMER_MS);
  return parts.find(({ type }) => type === 'timeZoneName')?.value.replace(/^GMT/, 'UTC') ?? timeZone;
}
