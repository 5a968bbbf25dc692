import { describe, expect, it } from 'vitest';
import { readCursor, sealCursor, writeCursor } from './cursors.ts';

const id = '019413f2-8c3c-7bbb-9c1c-6b1b3a1e8f10';
const refusal = expect.objectContaining({ code: 'INPUT_INVALID' });

describe('a cursor', () => {
  it('comes back as it was written', () => {
    const place = { at: '2026-11-22 10:00:00.123456+00', id };
    expect(readCursor(writeCursor(place))).toEqual(place);
  });

  it.each([
    ['no JSON', 'bm9wZQ'],
    ['no list', sealCursor([]).replace('W', 'e')],
    ['too short', sealCursor(['2026-11-22 10:00:00+00'])],
    ['a day that no calendar has', sealCursor(['9999-99-99 99:99:99+99', id])],
    ['an hour that no clock has', sealCursor(['2026-11-22 24:10:00+00', id])],
    ['a statement', sealCursor(["1'; drop table", id])],
    ['an id that is none', sealCursor(['2026-11-22 10:00:00+00', 'x'])],
    ['a number instead of a time', sealCursor([1, id])],
  ])('is refused: %s', (_what, cursor) => {
    expect(() => readCursor(cursor)).toThrow(refusal);
  });
});
