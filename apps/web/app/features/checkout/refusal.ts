/** What an action tells its form about a refusal of the server. */
export interface Refusal {
  code: string;
  words: string;
  details: Record<string, unknown>;
}

/** Reads the refusal out of what `context.api` threw in a loader or action; null when it was no refusal. */
export function refusalOf(thrown: unknown): (Refusal & { status: number }) | null {
  let each: unknown = thrown;
  for (let depth = 0; depth < 5 && typeof each === 'object' && each !== null; depth++) {
    const { code, status, message, details } = each as Partial<
      Record<'code' | 'status' | 'message' | 'details', unknown>
    >;
    if (typeof code === 'string' && typeof status === 'number') {
      return {
        code,
        status,
        words: typeof message === 'string' ? message : '',
        details: typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {},
      };
    }
    each = (each as { cause?: unknown }).cause;
  }
  return null;
}
