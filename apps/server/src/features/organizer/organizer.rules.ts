import type { UpdateEvent } from '@liventix/contracts/organizer';

const MINUTE = 60_000;
const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    if (formats.size < 600) formats.set(zone, format);
  }
  return format;
}

/** Whether this is a zone we can put clocks to. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone);
  } catch {
    return false;
  }
}

/** Wall time of an instant in a zone: `2026-12-04T20:00`. */
export function localOf(ms: number, zone: string): string {
  const part: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(ms)) part[type] = value;
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/**
 * The instants at which a zone's clocks show a wall time, earliest first: one on most days, none in the hour the clocks
 * jump over, two in the hour they repeat.
 */
export function instantsOf(local: string, zone: string): number[] {
  const asUtc = Date.parse(`${local}:00Z`);
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 16) !== local) return [];
  const offsetAt = (ms: number) => Math.round((Date.parse(`${localOf(ms, zone)}:00Z`) - ms) / MINUTE) * MINUTE;
  const offsets = new Set([offsetAt(asUtc - DAY), offsetAt(asUtc), offsetAt(asUtc + DAY)]);
  return [...offsets]
    .map((offset) => asUtc - offset)
    .filter((ms) => localOf(ms, zone) === local)
    .sort((a, b) => a - b);
}

/** A wall time, moved by as much as another one moved: `shiftLocal('…T23:00', '04T20:00', '05T21:00')` is a day and an hour later. */
export function shiftLocal(local: string, from: string, to: string): string {
  const ms = Date.parse(`${local}:00Z`) + Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`);
  return new Date(ms).toISOString().slice(0, 16);
}

export type TimeRefusal = { code: 'LOCAL_TIME_MISSING' } | { code: 'LOCAL_TIME_DOUBLED'; choices: number[] };

/** The one instant of a wall time, or why there is not one. `which` answers a doubled one. */
export function instantOf(local: string, zone: string, which?: UpdateEvent['which']): number | TimeRefusal {
  const instants = instantsOf(local, zone);
  const [first] = instants;
  if (first === undefined) return { code: 'LOCAL_TIME_MISSING' };
  if (instants.length === 1) return first;
  if (!which) return { code: 'LOCAL_TIME_DOUBLED', choices: instants };
  return which === 'earlier' ? first : (instants.at(-1) ?? first);
}

export interface SearchWord {
  /** Anywhere in a name or address, as a pattern of `like`: what a user types is a word, no pattern. */
  part: string;
  /** The start of an order code, as a pattern; null for a word of one or two letters, which would match too many. */
  code: string | null;
  /** A ticket's number without its leading zeros. */
  number: string;
}

const CODE_FROM = 3;
const WORDS_MOST = 8;

/** The words of a search. A row matches when all of them are in it, in any order. */
export function searchWords(q: string | undefined): SearchWord[] {
  const words = (q ?? '').split(/\s+/).filter(Boolean).slice(0, WORDS_MOST);
  return words.map((word) => {
    const plain = word.replace(/[\\%_]/g, '\\$&');
    return { part: `%${plain}%`, code: word.length < CODE_FROM ? null : `${plain}%`, number: word.replace(/^0+/, '') };
  });
}
