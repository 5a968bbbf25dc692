import { randomInt } from 'node:crypto';
import { ERRORS, type ErrorCode, waitWords, wordsFor } from '@liventix/contracts/errors';
import { constraintOf, sqlState } from '@liventix/db/client';
import { TRPCError } from '@trpc/server';

export { constraintOf, sqlState } from '@liventix/db/client';

export interface ErrorOptions {
  /** What the sentence and the screen need: `{ free: 3 }`. Goes to the client; never a secret, never a hidden figure. */
  details?: Record<string, unknown>;
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number;
  /** For the log only. */
  cause?: unknown;
}

/** The one error class of the product: a code of the catalogue, words for people, a cause for the log. */
export class LiventixError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: Record<string, unknown>;
  readonly retryAfterSeconds: number | undefined;
  /** Short reference a person can read out; only on INTERNAL. */
  reference: string | undefined;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const wait = waitWords(options.retryAfterSeconds ?? 60);
    super(
      wordsFor(code, { wait, ...options.details }),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'LiventixError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/**
 * Refuses: throws a LiventixError. Foreign and missing objects are both `fail('NOT_FOUND')` (docs/domain.md, "Access").
 */
export function fail(code: ErrorCode, options?: ErrorOptions): never {
  throw new LiventixError(code, options);
}

/** Longer, and a crowd that was sent away together while we were busy would come back to an idle server. */
const BUSY_MOST_SECONDS = 10;

/** The `Retry-After` header of an answer: whole seconds, from 1 on, on every 429 and 503; null on all else. */
export function retryAfterOf({ status, code, retryAfterSeconds = 1 }: LiventixError): string | null {
  if (status !== 429 && status !== 503) return null;
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return String(code === 'BUSY' ? Math.min(BUSY_MOST_SECONDS, seconds) : seconds);
}

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A reference like K7QM-2FXA: 40 bits, no 0/O/1/I. */
export function newReference(): string {
  const letter = () => LETTERS[randomInt(LETTERS.length)];
  return `${Array.from({ length: 4 }, letter).join('')}-${Array.from({ length: 4 }, letter).join('')}`;
}

interface Issue {
  path: PropertyKey[];
  message: string;
  /** The bound that was broken: of a number, or of the length of a text or list. */
  minimum?: number;
  maximum?: number;
}

function issuesOf(error: unknown): Issue[] | null {
  if (!(error instanceof Error)) return null;
  const issues = (error as { issues?: unknown }).issues;
  if (!Array.isArray(issues)) return null;
  return issues.map((i: Partial<Issue>) => ({
    path: i.path ?? [],
    message: i.message ?? '',
    ...(typeof i.minimum === 'number' ? { minimum: i.minimum } : {}),
    ...(typeof i.maximum === 'number' ? { maximum: i.maximum } : {}),
  }));
}

// lock_not_available, serialization_failure, deadlock_detected, query_canceled, too_many_connections, admin_shutdown,
// crash_shutdown, cannot_connect_now: nothing was changed, trying again is right.
const BUSY_STATES = new Set(['55P03', '40001', '40P01', '57014', '53300', '57P01', '57P02', '57P03']);
// connection_exception and what belongs to it.
const CONNECTION_EXCEPTION = '08';
// Class 22: a text, number or date that PostgreSQL cannot read or keep.
const DATA_EXCEPTION = '22';
/** `access.require_living_person` and `events.require_living_host`: the caller's account was deleted while this was under way. */
const LIVING = new Set<string | null>(['living_person', 'events_living_host']);
const CONNECTION_CODES = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
]);

/** Whether the connection to the database broke, or could not be made: the one list of how that is told. */
export function isConnectionLoss(error: unknown): boolean {
  if (sqlState(error)?.startsWith(CONNECTION_EXCEPTION)) return true;
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === 'string' && CONNECTION_CODES.has(code)) return true;
  }
  return false;
}

/**
 * Turns anything thrown into a LiventixError: ours stay, zod issues and values that the database cannot read become
 * INPUT_INVALID, a caller who was erased meanwhile SIGN_IN_REQUIRED, an overloaded or restarting database BUSY, all else
 * INTERNAL with a fresh reference. The caller logs what comes back with a reference.
 */
export function toLiventixError(thrown: unknown): LiventixError {
  for (let e = thrown, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    if (e instanceof LiventixError) return e;
  }
  if (thrown instanceof TRPCError) {
    const issues = issuesOf(thrown.cause);
    if (issues) return new LiventixError('INPUT_INVALID', { details: { issues }, cause: thrown.cause });
    if (thrown.code === 'NOT_FOUND') return new LiventixError('NOT_FOUND', { cause: thrown });
    if (thrown.code === 'PAYLOAD_TOO_LARGE') return new LiventixError('BODY_TOO_LARGE', { cause: thrown });
    if (['BAD_REQUEST', 'PARSE_ERROR', 'UNSUPPORTED_MEDIA_TYPE', 'METHOD_NOT_SUPPORTED'].includes(thrown.code)) {
      return new LiventixError('INPUT_INVALID', { details: { issues: [] }, cause: thrown });
    }
  }
  const issues = issuesOf(thrown);
  if (issues) return new LiventixError('INPUT_INVALID', { details: { issues }, cause: thrown });
  const state = sqlState(thrown);
  if ((state && BUSY_STATES.has(state)) || isConnectionLoss(thrown)) {
    return new LiventixError('BUSY', { retryAfterSeconds: 1, cause: thrown });
  }
  if (state?.startsWith(DATA_EXCEPTION))
    return new LiventixError('INPUT_INVALID', { details: { issues: [] }, cause: thrown });
  if (LIVING.has(constraintOf(thrown))) return new LiventixError('SIGN_IN_REQUIRED', { cause: thrown });
  const reference = newReference();
  const error = new LiventixError('INTERNAL', { details: { reference }, cause: thrown });
  error.reference = reference;
  return error;
}
