import type { WireError } from './wire.types.ts';

/** An answer that is an error, thrown by verbs and turned into Stripe's error body by `serve-api.ts`. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly error: WireError;
  /**
   * True when work had begun before the refusal. Only such answers are remembered under an idempotency key,
   * as Stripe remembers nothing for a request that fails validation.
   */
  readonly begun: boolean;

  constructor(status: number, error: WireError, begun: boolean) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.begun = begun;
  }
}

/** The request itself is wrong: nothing was looked at yet. */
export function refuseInput(code: string | undefined, message: string, param?: string): never {
  throw new StripeRefusal(400, { type: 'invalid_request_error', code, message, param }, false);
}

/** The request is well formed but the object is in no state for it. */
export function refuseState(code: string, message: string, extra: Partial<WireError> = {}): never {
  throw new StripeRefusal(400, { type: 'invalid_request_error', code, message, ...extra }, true);
}

export function refuseMissing(noun: string, id: string, param = 'id'): never {
  const error: WireError = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param,
  };
  throw new StripeRefusal(404, error, false);
}

/** 402: the bank said no, or the card's own data is wrong. */
export function refuseCard(error: Omit<WireError, 'type'>): never {
  throw new StripeRefusal(402, { type: 'card_error', ...error }, true);
}
