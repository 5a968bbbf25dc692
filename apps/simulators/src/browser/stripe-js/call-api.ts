import type { ApiError } from './stripe-js.types.ts';

/** Address of the simulator's own folder, taken from where this script came from. */
const folder = (() => {
  const script = document.currentScript;
  const source = script instanceof HTMLScriptElement && script.src ? new URL(script.src, location.href).pathname : '';
  return source.replace(/\/stripe\.js$/, '') || '/simulators/stripe';
})();

export type ApiResult<T> = { ok: T; error?: undefined } | { ok?: undefined; error: ApiError };

/** Calls the payment API with the publishable key. A lost connection is an error like any other, as in Stripe.js. */
export async function callApi<T>(
  key: string,
  method: 'GET' | 'POST',
  path: string,
  fields: Record<string, string>,
): Promise<ApiResult<T>> {
  const form = new URLSearchParams(fields);
  const address = `${folder}/v1/${path}${method === 'GET' ? `?${form}` : ''}`;
  try {
    const response = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(method === 'POST' ? { body: form } : {}),
    });
    const body = (await response.json()) as T & { error?: ApiError };
    return body.error ? { error: body.error } : { ok: body };
  } catch {
    const message =
      "We couldn't reach the payment service. Nothing was charged by this attempt. Check your connection.";
    return { error: { type: 'api_connection_error', message } };
  }
}
