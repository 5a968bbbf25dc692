/** A like that somebody gave before signing in: kept in her browser, given once she is somebody. */
const KEY = 'liventix.like-wish';
const KEPT_MS = 3_600_000;

export function keepLike(postId: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ postId, atMs: Date.now() }));
  } catch {
    // Storage is shut off: she likes again after signing in.
  }
}

/** The kept like, taken out; null when there is none or it is older than an hour. */
export function takeKeptLike(): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as { postId?: unknown; atMs?: unknown } | null;
    localStorage.removeItem(KEY);
    if (typeof kept?.postId !== 'string' || typeof kept.atMs !== 'number') return null;
    return Date.now() - kept.atMs < KEPT_MS ? kept.postId : null;
  } catch {
    return null;
  }
}
