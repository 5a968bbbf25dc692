import superjson from 'superjson';

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
  deserialize: (wired: Wired): unknown => {
    const { json, meta } = wired;
    return meta ? superjson.deserialize(wired) : json;
  },
};
