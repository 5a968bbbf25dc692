import superjson from 'superjson';
import { fail } from './errors.ts';

const DEEPEST = 32;

type Wired = ReturnType<typeof superjson.serialize>;
/** Where the dates of a value stand, as superjson notes it: `event.startAt`, `lines.0.at`. */
type Dates = Record<string, ['Date']>;

/**
 * Whether JSON writes a value as superjson does, dates apart, whose places are noted: no maps, undefined, classes, numbers
 * that JSON cannot write, keys that would need escaping in a path.
 * @param trail the keys that lead here; as it was given when true is answered
 */
function isPlain(value: unknown, trail: (string | number)[], dates: Dates): boolean {
  if (value === null) return true;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object': {
      if (trail.length === DEEPEST) return false; // or a circle
      if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) {
          trail.push(i);
          if (!isPlain(value[i], trail, dates)) return false;
          trail.pop();
        }
        return true;
      }
      const prototype = Object.getPrototypeOf(value);
      if (prototype === Date.prototype) {
        if (trail.length === 0 || Number.isNaN((value as Date).getTime())) return false;
        dates[trail.join('.')] = ['Date'];
        return true;
      }
      if (prototype !== Object.prototype && prototype !== null) return false;
      for (const key in value as object) {
        if (key.includes('.') || key.includes('\\')) return false;
        trail.push(key);
        if (!isPlain((value as Record<string, unknown>)[key], trail, dates)) return false;
        trail.pop();
      }
      return true;
    }
    default:
      return false;
  }
}

/** What a call's notes may say of a value: dates, and what JSON cannot write of a form's fields. */
const READ = ['Date', 'undefined', 'number'];

/** A note of a value that holds no others; `['set', …]`, `[['typed-array', …]]` are not. */
const isRead = (note: unknown): boolean => Array.isArray(note) && note.length === 1 && READ.includes(note[0] as string);

/** Whether all notes of a call are read here: one of the whole value, or one for each path. */
function areRead(notes: unknown): boolean {
  if (notes === undefined || isRead(notes)) return true;
  return typeof notes === 'object' && notes !== null && !Array.isArray(notes) && Object.values(notes).every(isRead);
}

/**
 * superjson lets the sender say of any value that it is a set, a map, a typed array of any length, or one and the same as another.
 * Our clients send none of that, and a path through a set that holds itself takes seconds of a core for 250 KB. Values that
 * are one and the same have been sent in full at each place, so that is not read; the rest is refused.
 */
function readNotes({ json, meta }: Wired): unknown {
  const { values, v } = Object(meta) as NonNullable<Wired['meta']>;
  if (typeof meta !== 'object' || !areRead(values)) fail('INPUT_INVALID', { details: { issues: [] } });
  try {
    return superjson.deserialize({ json, meta: { values, v } } as Wired);
  } catch (cause) {
    return fail('INPUT_INVALID', { details: { issues: [] }, cause }); // a path that superjson refuses, e.g. a prototype's
  }
}

/**
 * superjson's wire. Most answers are plain but for some dates, and superjson would walk and copy them several times to
 * find that out: those go as they are, with the dates' places beside them, which is what it writes for them too. (It also
 * notes which objects are one and the same; on the other side ours are equal.)
 */
export const wire = {
  serialize: (value: unknown): Wired => {
    const dates: Dates = {};
    if (!isPlain(value, [], dates)) return superjson.serialize(value);
    const json = value as Wired['json']; // JSON writes a date as superjson does
    for (const _ in dates) return { json, meta: { values: dates, v: 1 } };
    return { json };
  },
  deserialize: (wired: Wired): unknown => (wired.meta ? readNotes(wired) : wired.json),
};
