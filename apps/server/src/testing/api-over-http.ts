import type { ErrorCode, ErrorData } from '@liventix/contracts/errors';
import superjson from 'superjson';
import { type Api, appRouter } from '../router.ts';

/** What a browser gets when a procedure refuses. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  constructor(
    readonly status: number,
    readonly data: ErrorData,
    words: string,
  ) {
    super(words);
    this.name = 'ApiError';
    this.code = data.code;
  }
}

/**
 * The API as a browser sees it: every call is a real HTTP request on the tRPC wire. Shaped like the in-process caller,
 * so that a test reads the same either way: `await mara.api.accounts.me()`.
 */
export function apiOverHttp(url: string, fetchIt: typeof fetch): Api {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } } | undefined>;
  const at = (path: string[]): unknown =>
    new Proxy(() => {}, {
      get: (_target, key) => (typeof key === 'string' && key !== 'then' ? at([...path, key]) : undefined),
      apply: (_target, _self, [input]: unknown[]) => call(path.join('.'), input),
    });

  async function call(name: string, input: unknown): Promise<unknown> {
    const type = procedures[name]?._def.type ?? 'query';
    const body = JSON.stringify(superjson.serialize(input));
    const response =
      type === 'mutation'
        ? await fetchIt(`${url}/trpc/${name}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          })
        : await fetchIt(`${url}/trpc/${name}${input === undefined ? '' : `?input=${encodeURIComponent(body)}`}`);
    const text = await response.text();
    const answer = JSON.parse(text) as { result?: { data: never }; error?: never };
    if (answer.result) return superjson.deserialize(answer.result.data);
    const error = superjson.deserialize(answer.error as never) as { message: string; data: ErrorData };
    throw new ApiError(response.status, error.data, error.message);
  }
  return at([]) as Api;
}
