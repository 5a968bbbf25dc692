import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';

const KEPT_MS = 60_000;
const KEPT_MOST = 100;

/**
 * Keeps what was drawn for a minute, by its input: who presses again and again, and whose mail was just drawn, costs nothing. One
 * drawing serves all who ask at once.
 */
export function keepDrawn() {
  const kept = new Map<string, Promise<Buffer>>();
  return (name: string, input: unknown, draw: () => Promise<Buffer>): Promise<Buffer> => {
    const key = createHash('sha256')
      .update(serialize([name, input]))
      .digest('base64');
    const known = kept.get(key);
    if (known) return known;
    const drawing = draw();
    const forget = () => kept.get(key) === drawing && kept.delete(key);
    kept.set(key, drawing);
    setTimeout(forget, KEPT_MS).unref();
    drawing.catch(forget);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_MOST) break;
      kept.delete(oldest);
    }
    return drawing;
  };
}
