import { fail } from './errors.ts';

/**
 * Lets a few at a time do what takes memory for as long as it lasts: so many of one key, so many of all. Whoever comes beyond
 * that is told BUSY at once.
 */
export function createGate({ ofOne, ofAll = Number.POSITIVE_INFINITY }: { ofOne: number; ofAll?: number }) {
  const inside = new Map<string, number>();
  let all = 0;
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = inside.get(key) ?? 0;
    if (before >= ofOne || all >= ofAll) fail('BUSY');
    inside.set(key, before + 1);
    all += 1;
    try {
      return await work();
    } finally {
      all -= 1;
      const left = (inside.get(key) ?? 1) - 1;
      if (left > 0) inside.set(key, left);
      else inside.delete(key);
    }
  };
}
