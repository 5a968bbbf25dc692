/**
 * Words for money, dates and counts. All of it is Intl with the page's locale; the functions are pure, so server and
 * browser write the same text.
 */
import { decimalsOf } from '@liventix/contracts/money';

/** English pages are written the way a European box office writes: day before month, 24 hours. */
const INTL_LOCALE: Record<string, string> = { en: 'en-GB' };

const intlLocale = (locale: string) => INTL_LOCALE[locale] ?? locale;

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
/** A format that is made once: making one takes a hundred times as long as using it. */
export function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const known = cache.get(key) as T | undefined;
  if (known) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

/**
 * Minor units as money. Decimals are shown only when they are not zero somewhere in the whole list (`among`), so a
 * column never mixes "€18" and "€18.50". Whole units (`decimals: false`) are cut, never rounded up: no figure says more
 * than there is.
 */
export function formatMoney(
  cents: number,
  currency: string,
  { among = [], locale = 'en', decimals }: { among?: readonly number[]; locale?: string; decimals?: boolean } = {},
): string {
  const digits = decimalsOf(currency); // not what a locale's data writes: it leaves out the fillér of a forint
  const unit = 10 ** digits;
  const needed = decimals ?? [cents, ...among].some((each) => each % unit !== 0);
  const shown = needed ? digits : 0;
  const format = cached(
    `money ${locale} ${currency} ${shown}`,
    () =>
      new Intl.NumberFormat(intlLocale(locale), {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: shown,
        maximumFractionDigits: shown,
      }),
  );
  return format.format(shown === 0 ? Math.trunc(cents / unit) : cents / unit);
}

/** A count with the locale's separators: 3,760. */
export function formatCount(count: number, locale = 'en'): string {
  return cached(`count ${locale}`, () => new Intl.NumberFormat(intlLocale(locale))).format(count);
}

/** A share between 0 and 1 as whole per cent. */
export function formatShare(share: number, locale = 'en'): string {
  return cached(
    `share ${locale}`,
    () => new Intl.NumberFormat(intlLocale(locale), { style: 'percent', maximumFractionDigits: 0 }),
  ).format(share);
}

export type DateForm = 'short' | 'long' | 'day' | 'time' | 'seconds';

const DATE_OPTIONS: Record<DateForm, Intl.DateTimeFormatOptions> = {
  short: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  long: {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/**
 * A moment in words, in the given zone: "Fri 4 Dec, 20:00". The parts are joined by us because engines disagree about
 * the commas, and a page must not change its text when it wakes up in the browser.
 */
export function formatDate(ms: number, zone: string, form: DateForm = 'short', locale = 'en'): string {
  const format = cached(
    `date ${locale} ${zone} ${form}`,
    () => new Intl.DateTimeFormat(intlLocale(locale), { ...DATE_OPTIONS[form], timeZone: zone }),
  );
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of format.formatToParts(ms)) part[type] = value;
  const time = [part.hour, part.minute, part.second].filter(Boolean).join(':');
  const day = [part.weekday, part.day, part.month?.replace('Sept', 'Sep'), part.year].filter(Boolean).join(' ');
  return [day, time].filter(Boolean).join(', ');
}

/** Whether two moments are on one day of the zone's calendar. */
export function isSameDay(one: number, other: number, zone: string): boolean {
  const apart = Math.abs(one - other);
  return apart < 86_400_000 && formatDate(one, zone, 'day') === formatDate(other, zone, 'day');
}

/** A date as machines read it, for `<time dateTime>`. */
export function machineDate(ms: number): string {
  return new Date(ms).toISOString();
}

/** The last part of a zone's name as a place: "Asia/Tokyo" is "Tokyo". */
export function zonePlace(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** Whether two zones show the same wall clock at that moment (Berlin and Paris do). */
export function sameClock(ms: number, zone: string, other: string): boolean {
  return zone === other || formatDate(ms, zone, 'long') === formatDate(ms, other, 'long');
}

/** How long ago in the shortest words: "now", "4 min", "9 h", "3 d". */
export function agoParts(ms: number, nowMs: number): { unit: 'now' | 'minutes' | 'hours' | 'days'; count: number } {
  const minutes = Math.floor(Math.max(0, nowMs - ms) / 60_000);
  if (minutes < 1) return { unit: 'now', count: 0 };
  if (minutes < 60) return { unit: 'minutes', count: minutes };
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return { unit: 'hours', count: hours };
  return { unit: 'days', count: Math.floor(hours / 24) };
}
