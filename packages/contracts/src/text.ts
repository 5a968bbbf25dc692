/**
 * The strings a caller may send. PostgreSQL cannot keep NUL or half of a surrogate pair, and no calendar has a 31 February:
 * every string of the API is one of these types, or has a pattern of its own that allows neither. A test walks all
 * procedures and refuses a string that is neither.
 */
import * as z from 'zod/mini';

/** One line, trimmed: no control characters, no lone surrogates. `max` and `min` count UTF-16 units. */
export const line = (max: number, min = 0) =>
  z.string().check(z.trim(), z.minLength(min), z.maxLength(max), z.regex(/^[^\p{Cc}\p{Cs}]*$/u));

/** What mail programs make a link of: `http://a.example`, `www.a.example`, `a.example/b`. */
const WEB_ADDRESS = /:\/\/|\bwww\.|[\p{L}\p{N}]\.\p{L}{2,}\//iu;

/**
 * A line that is mailed to people who did not ask its author for anything: names of people, hosts, events and tickets. It holds no
 * web address, because a mail of ours would carry it to strangers as its own link.
 */
export const plainLine = (max: number, min = 0) =>
  line(max, min).check(z.refine((words) => !WEB_ADDRESS.test(words), 'web_address'));

/** Several lines: no NUL, no lone surrogates. */
export const text = (max: number) => z.string().check(z.maxLength(max), z.regex(STORABLE));
const STORABLE = new RegExp(`^[^${String.fromCharCode(0)}\\p{Cs}]*$`, 'u');

const FIRST_YEAR = 1970;
const LAST_YEAR = 2200;

/** Whether `2027-02-29` is a day of the calendar, from 1970 to 2200. */
export function isRealDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) return false;
  const year = Number(day.slice(0, 4));
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

/** A day of the calendar without a time or a zone: `2026-12-04`. */
export const Day = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\d$/),
  z.refine((day) => isRealDay(day), 'not a day of the calendar'),
);

/** Wall time in the event's zone, without a zone of its own: `2026-12-04T20:00`. */
export const LocalTime = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/),
  z.refine((local) => isRealDay(local.slice(0, 10)), 'not a day of the calendar'),
);

/** Where a list goes on: opaque, as the server wrote it. */
export const Cursor = z.string().check(z.maxLength(200), z.regex(/^[\w-]+$/));

/** The readable part of an address: `moth-season`. */
export const Slug = z.string().check(z.maxLength(160), z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/));
