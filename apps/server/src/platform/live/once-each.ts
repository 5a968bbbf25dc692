/**
 * Runs works a few at a time, in the order they were asked for. Asked for again under the same key while it waits, a work is done
 * once; while it runs, once more. So a storm of changes costs one round of questions at a time. A work must not throw.
 */
export function onceEach(atOnce: number): (key: string, work: () => Promise<void>) => void {
  const waiting = new Map<string, () => Promise<void>>();
  let busy = 0;
  return (key, work) => {
    waiting.set(key, work); // keeps the place of one that waits already
    if (busy >= atOnce) return;
    busy++;
    void (async () => {
      for (const [first, next] of waiting) {
        waiting.delete(first);
        await next();
      }
      busy--;
    })();
  };
}
