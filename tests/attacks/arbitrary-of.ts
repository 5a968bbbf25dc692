import fc from 'fast-check';

/** What a zod schema looks like inside, as far as inputs of the API use it. */
export interface Schema {
  _zod: {
    def: {
      type: string;
      shape?: Record<string, Schema>;
      innerType?: Schema;
      element?: Schema;
      options?: Schema[];
      entries?: Record<string, string>;
      values?: unknown[];
      keyType?: Schema;
      valueType?: Schema;
      in?: Schema;
      out?: Schema;
      left?: Schema;
      right?: Schema;
    };
  };
}

/** Texts that have broken something somewhere: what PostgreSQL cannot keep, days of no calendar, patterns, very long ones. */
export const NASTY_TEXTS: readonly string[] = [
  '',
  ' ',
  'a',
  '\u0000',
  'a\u0000b',
  '\ud83d',
  '\ude00a',
  '😀',
  '\u202e\u0007',
  "'; drop table events.events; --",
  '%_\\',
  '!(((&&&',
  ':* & | <-> \\',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '<'.repeat(600),
  '<b>'.repeat(200),
  'x'.repeat(5000),
  '2027-02-31',
  '9999-99-99',
  '0000-01-01',
  '2026-12-04',
  '0000-01-01T00:00',
  '9999-12-31T23:59',
  '2027-02-31T10:00',
  '2027-03-28T02:30',
  'infinity',
  '-infinity',
  'NaN',
  '1e400',
  'Europe/Kiev',
  'Etc/GMT+99',
  'https://\u0000.example',
  'https://example.test/\u0000',
  'a@b',
  'a\u0000@example.test',
  'mara@bücher.example',
  ...[
    ['9999-99-99 99:99:99+99', '019413f2-8c3c-7bbb-9c1c-6b1b3a1e8f10'],
    ['2026-11-22 10:00:00+00', '019413f2-8c3c-7bbb-9c1c-6b1b3a1e8f10'],
    [1e300, '9999-99-99 99:99:99+99', '019413f2-8c3c-7bbb-9c1c-6b1b3a1e8f10'],
    [3, '2026-11-22 10:00:00+00', '019413f2-8c3c-7bbb-9c1c-6b1b3a1e8f10'],
    [9e15],
    [7],
  ].map((values) => Buffer.from(JSON.stringify(values)).toString('base64url')),
  'A'.repeat(43),
  'ABCD2345',
  '123456',
];

const NASTY_NUMBERS = [
  0,
  1,
  2,
  10,
  -1,
  0.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  99_999_999,
  1e9,
  2 ** 53,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];

/**
 * Inputs that look like what a schema asks for, with a nasty value where one fits; now and then something else altogether.
 * @param known ids and words of things that exist, so that inputs get past the first look-up
 */
export function arbitraryOf(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const text = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known) },
    { weight: 3, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  );
  const anything = fc.oneof(
    text,
    fc.constantFrom<unknown>(null, undefined, [], {}, true, ...NASTY_NUMBERS),
    fc.constant({ constructor: { prototype: { role: 'admin' } } }),
  );
  const build = ({ _zod: { def } }: Schema): fc.Arbitrary<unknown> => {
    switch (def.type) {
      case 'object':
        return fc.record(Object.fromEntries(Object.entries(def.shape ?? {}).map(([key, each]) => [key, rarely(each)])));
      case 'optional':
      case 'default':
      case 'nullable':
      case 'nullish':
        return fc.oneof(fc.constantFrom<unknown>(undefined, null), build(def.innerType as Schema));
      case 'array':
        return fc.array(rarely(def.element as Schema), { maxLength: 4 });
      case 'record':
        return fc.dictionary(fc.constantFrom(...known), rarely(def.valueType as Schema), { maxKeys: 3 });
      case 'union':
        return fc.oneof(...(def.options ?? []).map(rarely));
      case 'enum':
        return fc.constantFrom(...Object.values(def.entries ?? {}));
      case 'literal':
        return fc.constantFrom(...(def.values ?? []));
      case 'pipe':
        return build(def.in as Schema);
      case 'intersection':
        return build(def.left as Schema);
      case 'boolean':
        return fc.boolean();
      case 'number':
      case 'int':
        return fc.oneof(fc.constantFrom(...NASTY_NUMBERS), fc.integer({ min: 0, max: 20 }));
      case 'string':
        return text;
      default:
        return anything;
    }
  };
  const rarely = (each: Schema): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 12, arbitrary: build(each) }, { weight: 1, arbitrary: anything });
  return rarely(schema);
}

/** Every string schema inside, with the way to it: `lineUp[].name`. */
export function stringsOf(schema: Schema, way = ''): { way: string; schema: Schema }[] {
  const { def } = schema._zod;
  const inside: [string, Schema | undefined][] = [
    ...Object.entries(def.shape ?? {}).map(([key, each]): [string, Schema] => [way ? `${way}.${key}` : key, each]),
    ...(def.options ?? []).map((each): [string, Schema] => [way, each]),
    [`${way}[]`, def.element],
    [`${way}{}`, def.valueType],
    [`${way} (key)`, def.keyType],
    [way, def.innerType],
    [way, def.left],
    [way, def.right],
  ];
  if (def.type === 'string') return [{ way, schema }];
  // Both halves of a pipe see the same text; the whole decides.
  if (def.type === 'pipe' && [def.in, def.out].some((half) => half?._zod.def.type === 'string'))
    return [{ way, schema }];
  if (def.type === 'pipe') inside.push([way, def.in], [way, def.out]);
  return inside.flatMap(([at, each]) => (each ? stringsOf(each, at) : []));
}
