import type { AppRouter } from '@liventix/server/router';
import { createTRPCClient, httpBatchLink, httpLink, splitLink, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import superjson from 'superjson';
import { askFor, isWanted } from './confirm.ts';

/** Served by the hot path, which takes one call a request: these are never batched with others. */
const HOT = new Set(['holds.place', 'holds.extend', 'holds.release']);

/** A chain of at most: set a second factor up, confirm, confirm again after ten minutes of reading. */
const MOST_ASKS = 3;

/**
 * A change that wants a fresh sign-in or a second factor first opens the dialog for it, and is sent again when that is
 * done: the caller waits a little longer and knows nothing of it. When the user closes the dialog the refusal goes on.
 */
const confirmLink: TRPCLink<AppRouter> =
  () =>
  ({ next, op }) =>
    observable((observer) => {
      let asked = 0;
      let sending: { unsubscribe(): void } | undefined;
      const send = () => {
        sending = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          async error(error) {
            const code: unknown = error.data?.code;
            if (op.type === 'mutation' && isWanted(code) && asked++ < MOST_ASKS && (await askFor(code))) send();
            else observer.error(error);
          },
        });
      };
      send();
      return () => sending?.unsubscribe();
    });

/**
 * The API as the browser calls it. Loaders and actions use `context.api` instead, which is the same router without
 * the network. Errors are `TRPCClientError`; turn them into words with `readError`.
 */
export const trpc = createTRPCClient<AppRouter>({
  links: [
    confirmLink,
    splitLink({
      condition: (operation) => HOT.has(operation.path),
      true: httpLink({ url: '/trpc', transformer: superjson }),
      false: httpBatchLink({ url: '/trpc', transformer: superjson, maxItems: 10 }),
    }),
  ],
});

export interface ReadError {
  /** A code of `@liventix/contracts/errors`, or `OFFLINE` when no answer came, or `UNKNOWN`. */
  code: string;
  /** For people, from the server; null when there is none and the screen must say it in its own words. */
  words: string | null;
  /** What the code needs to be useful: fields, amounts, times. */
  details: Record<string, unknown>;
  /** For support, "K7QM-2FXA". */
  reference: string | null;
  status: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOr = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);

/** Reads what went wrong out of anything a tRPC call or a loader threw. Never throws itself. */
export function readError(error: unknown): ReadError {
  const shape = isRecord(error) ? error : {};
  const data = isRecord(shape.data)
    ? shape.data
    : isRecord(shape.shape) && isRecord(shape.shape.data)
      ? shape.shape.data
      : null;
  if (!data) {
    const offline = error instanceof TypeError || (isRecord(shape.cause) && shape.cause instanceof TypeError);
    return { code: offline ? 'OFFLINE' : 'UNKNOWN', words: null, details: {}, reference: null, status: 0 };
  }
  return {
    code: textOr(data.code) ?? 'UNKNOWN',
    words: textOr(data.words) ?? textOr(shape.message),
    details: isRecord(data.details) ? data.details : {},
    reference: textOr(data.reference),
    status: typeof data.httpStatus === 'number' ? data.httpStatus : 500,
  };
}
