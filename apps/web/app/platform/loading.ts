import { data } from '@remix-run/node';

/** What an error page gets to know about a refused load: enough to say it in words, nothing about the inside. */
export interface RefusedPage {
  code: string;
  words: string | null;
  reference: string | null;
}

interface Refusal {
  code: string;
  status: number;
  message?: string;
  reference?: string;
  details?: { reference?: unknown };
}

function refusalOf(thrown: unknown): Refusal | null {
  let each = thrown;
  for (let depth = 0; depth < 5 && typeof each === 'object' && each !== null; depth++) {
    const { code, status } = each as Partial<Refusal>;
    if (typeof code === 'string' && typeof status === 'number') return each as Refusal;
    each = (each as { cause?: unknown }).cause;
  }
  return null;
}

/**
 * Waits for a call of `context.api` inside a loader and turns a refusal into the page people should see: 404, 410,
 * 403 … with the server's own words. Anything unexpected goes on as it is and becomes the 500 page.
 *
 * `const event = await load(context.api.events.bySlug({ slug }))`
 */
export async function load<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    const reference = refusal.reference ?? refusal.details?.reference;
    throw data(
      {
        code: refusal.code,
        words: refusal.message ?? null,
        reference: typeof reference === 'string' ? reference : null,
      } satisfies RefusedPage,
      { status: refusal.status },
    );
  }
}
