import superjson from 'superjson';

const DEEPEST = 32;

/** Whether JSON alone carries a value whole: no dates, maps, undefined, classes, numbers that JSON cannot write. */
function isPlain(value: unknown, depth = 0): boolean {
  if (value === null) return true;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object': {
      if (depth === DEEPEST) return false; // or a circle
      if (Array.isArray(value)) return value.every((each) => isPlain(each, depth + 1));
      const prototype = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) return false;
      for (const key in value as object) if (!isPlain((value as Record<string, unknown>)[key], depth + 1)) return false;
      return true;
    }
    default:
      return false;
  }
}

type Wired = ReturnType<typeof superjson.serialize>;

/**
 * superjson's wire. Most answers are plain, and superjson would walk and copy them to find that out: those go as they
 * are, which is what it writes for them too.
 */
export const wire = {
  serialize: (value: unknown): Wired =>
    isPlain(value) ? { json: value as Wired['json'] } : superjson.serialize(value),
  deserialize: (wired: Wired): unknown => {
    const { json, meta } = wired;
    return meta ? superjson.deserialize(wired) : json;
  },
};
