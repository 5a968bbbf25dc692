export type ApiFaultKind =
  /** 500 before anything happened. */
  | 'error'
  /** 500 before anything happened, and whoever asks again under the same idempotency key gets it again, as Stripe keeps it. */
  | 'kept-error'
  /** 429 before anything happened. */
  | 'rate-limit'
  /** Nothing happens and nothing is answered. */
  | 'hang'
  /** The connection is reset before anything happened. */
  | 'reset'
  /** It happens, the answer is 500; the same idempotency key then gets the true answer. */
  | 'accept-then-error'
  /** It happens, but no answer ever comes. */
  | 'accept-then-hang'
  /** It happens, and the connection is reset instead of an answer. */
  | 'accept-then-reset';

export const API_FAULT_KINDS: readonly ApiFaultKind[] = [
  'error',
  'kept-error',
  'rate-limit',
  'hang',
  'reset',
  'accept-then-error',
  'accept-then-hang',
  'accept-then-reset',
];

export interface ApiFault {
  kind: ApiFaultKind;
  /** `*` stands for one part of a path: `/v1/payment_intents/{any}/confirm`; a bare `*` for every path. */
  path: string;
  method: 'GET' | 'POST' | null;
  /** How many requests it still hits. */
  times: number;
}

export interface CaptureOverride {
  /** Minor units captured instead of the intent's amount. */
  amount: number;
  currency: string | null;
  times: number;
}

/** What goes wrong, changeable at any moment. */
export interface FaultPlan {
  /** Extra copies of every webhook. */
  duplicate: number;
  /** Waits until so many webhooks (or 300 ms) have gathered and sends the newest first; below 2 it is off. */
  reorder: number;
  /** How many of the next webhooks are never sent. */
  dropNext: number;
  /** How long every webhook waits before its first attempt. */
  delayMs: number;
  /** Webhooks queue until `flush`. */
  hold: boolean;
  /** Every API connection is reset. */
  apiDown: boolean;
  /** The secret key was rolled: 401, as for a wrong one. */
  keyRevoked: boolean;
  /** How long every API request waits before it is worked on. */
  apiDelayMs: number;
  api: ApiFault[];
  capture: CaptureOverride | null;
}

export function calmPlan(): FaultPlan {
  return {
    duplicate: 0,
    reorder: 0,
    dropNext: 0,
    delayMs: 0,
    hold: false,
    apiDown: false,
    keyRevoked: false,
    apiDelayMs: 0,
    api: [],
    capture: null,
  };
}

function matchesPath(pattern: string, path: string): boolean {
  if (pattern === '*') return true;
  const wanted = pattern.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index]);
}

/** Takes the first fault that fits the request out of the plan, or null. */
export function takeApiFault(plan: FaultPlan, method: string, path: string): ApiFaultKind | null {
  const fault = plan.api.find(
    (candidate) => (candidate.method === null || candidate.method === method) && matchesPath(candidate.path, path),
  );
  if (!fault) return null;
  fault.times -= 1;
  if (fault.times <= 0) plan.api.splice(plan.api.indexOf(fault), 1);
  return fault.kind;
}

/** What the next capture takes: the intent's own amount unless the plan says otherwise. */
export function takeCapture(plan: FaultPlan, amount: number, currency: string): { amount: number; currency: string } {
  const override = plan.capture;
  if (!override) return { amount, currency };
  override.times -= 1;
  if (override.times <= 0) plan.capture = null;
  return { amount: override.amount, currency: override.currency ?? currency };
}
