import fc from 'fast-check';
import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { wire } from './wire.ts';

// Keys that superjson refuses to write are left out; it would throw for them here.
const REFUSED = new Set(['__proto__', 'constructor', 'prototype']);

const anything = fc.anything({
  key: fc.string().filter((key) => !REFUSED.has(key)),
  withDate: true,
  withMap: true,
  withSet: true,
  withBigInt: true,
  withNullPrototype: false,
});

describe('the wire', () => {
  it('is read by superjson on the other side as what was meant', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const sent = JSON.parse(JSON.stringify(wire.serialize(value)));
        expect(superjson.deserialize(sent)).toEqual(
          superjson.deserialize(JSON.parse(JSON.stringify(superjson.serialize(value)))),
        );
      }),
    );
  });

  it('reads what superjson wrote of what a form can hold', () => {
    const clean = fc.string().filter((key) => !REFUSED.has(key));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.anything({ maxDepth: 0, withDate: true }),
        fc.array(tie('tree')),
        fc.dictionary(clean, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const sent = JSON.parse(JSON.stringify(superjson.serialize(value)));
        expect(wire.deserialize(structuredClone(sent))).toEqual(superjson.deserialize(sent));
      }),
    );
  });

  it('reads what was one and the same as what is equal', () => {
    const at = { at: new Date(0) };
    const sent = JSON.parse(JSON.stringify(superjson.serialize({ from: at, to: at })));
    expect(sent.meta.referentialEqualities).toBeDefined();
    expect(wire.deserialize(sent)).toEqual({ from: at, to: at });
  });

  it.each([[new Set([1])], [new Map([[1, 2]])], [/a+/], [1n], [new Uint8Array(3)], [new Error('x')], [[new Set()]]])(
    'reads no %s',
    (value) => {
      for (const sent of [value, { value }].map((each) => JSON.parse(JSON.stringify(superjson.serialize(each)))))
        expect(() => wire.deserialize(sent)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    },
  );

  it.each([
    [undefined],
    [-0],
    [Number.NaN],
    [{ 'a.b': new Date(0) }],
    [{ 'a\\b': 1, at: new Date(0) }],
    [new Map([[1, 2]])],
    [{ a: undefined }],
    [1n],
    [new Error('x')],
  ])('leaves %s to superjson', (value) => {
    expect(wire.serialize({ value })).toEqual(superjson.serialize({ value }));
    expect(wire.serialize({ value }).meta).toBeDefined();
  });

  it.each([
    [{ at: new Date(0) }],
    [{ at: new Date(0), event: { startAt: new Date(1), lines: [{ name: 'Nave', at: new Date(2) }, 3] } }],
    [[new Date(0), [new Date(1)], { at: new Date(2), none: null }]],
    [{ __proto__: null, at: new Date(5) }],
  ])('notes dates as superjson does: %j', (value) => {
    const plain = (wired: unknown) => JSON.parse(JSON.stringify(wired));
    expect(plain(wire.serialize(value))).toEqual(plain(superjson.serialize(value)));
  });

  it('does not walk twice what is plain: the value itself is written', () => {
    const value = { at: new Date(0), lines: [1] };
    expect(wire.serialize(value).json).toBe(value);
  });

  it('bears a circle', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(() => wire.serialize(circle)).not.toThrow();
  });
});
