/**
 * Where a list goes on, as an opaque word: the sort values of its last row. A cursor comes back from a caller, so each value
 * is checked before the database sees it. Pure.
 */
import { isRealDay } from '@liventix/contracts/text';
import { fail } from './errors.ts';

/** The last row of a list that is sorted by time. */
export interface Place {
  /** The row's time with all its digits, as PostgreSQL writes it. */
  at: string;
  id: string;
}

export const writeCursor = ({ at, id }: Place): string => sealCursor([at, id]);

/** @throws LiventixError INPUT_INVALID when the server never wrote it */
export function readCursor(cursor: string): Place {
  const [at, id] = openCursor(cursor, 2);
  return isInstant(at) && isId(id) ? { at, id } : refuseCursor();
}

/** The values of a row as one word. */
export function sealCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * The values of a cursor, none of them checked yet.
 * @throws LiventixError INPUT_INVALID when there are not `count` of them
 */
export function openCursor(cursor: string, count: number): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === count) return values;
  } catch {
    // refused below
  }
  return refuseCursor();
}

export function refuseCursor(): never {
  fail('INPUT_INVALID', { details: { field: 'cursor' } });
}

/** A time as PostgreSQL writes a timestamptz: `2026-11-22 10:00:00.123456+00`. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && INSTANT.test(value) && isRealDay(value.slice(0, 10));
}
const INSTANT = /^\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** A whole number that an int4 keeps. */
export function isSmallInteger(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= 2_147_483_647;
}
