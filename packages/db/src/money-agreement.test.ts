import { quoteOf } from '@liventix/contracts/money';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

/** What the tables accept: prices, fees in basis points up to half, fixed fees, caps, tax up to half, in or on top. */
const quotes = fc.record({
  face: fc.oneof(fc.constantFrom(0, 1, 49, 50, 99, 3800, 20_000_000), fc.integer({ min: 0, max: 100_000_000 })),
  bps: fc.oneof(fc.constantFrom(0, 1, 250, 5000), fc.integer({ min: 0, max: 5000 })),
  fixed: fc.integer({ min: 0, max: 5000 }),
  cap: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null }),
  paidBy: fc.constantFrom('buyer' as const, 'organizer' as const),
  tax: fc.oneof(fc.constantFrom(0, 700, 1900, 5000), fc.integer({ min: 0, max: 5000 })),
  included: fc.boolean(),
});

describe('the quote of a ticket', () => {
  it('is the same to the cent in SQL and in TypeScript', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(quotes, { minLength: 50, maxLength: 200 }), async (list) => {
        const rows = await test.db.engine.sql`
          select q.face_cents as "faceCents", q.fee_cents as "feeCents", q.tax_cents as "taxCents", q.total_cents as "totalCents"
          from unnest(${list.map((q) => q.face)}::int[], ${list.map((q) => q.bps)}::int[], ${list.map((q) => q.fixed)}::int[], ${list.map((q) => q.cap)}::int[],
                      ${list.map((q) => q.paidBy)}::text[], ${list.map((q) => q.tax)}::int[], ${list.map((q) => Number(q.included))}::int[])
               with ordinality as l(face, bps, fixed, cap, paid_by, tax, included, n),
               lateral ticketing.quote_of(l.face, l.bps, l.fixed, l.cap, l.paid_by, l.tax, l.included = 1) q order by l.n`;
        const ours = list.map((q) =>
          quoteOf(
            q.face,
            { feeBps: q.bps, feeFixedCents: q.fixed, feeCapCents: q.cap, paidBy: q.paidBy },
            { rateBps: q.tax, included: q.included },
          ),
        );
        expect(rows.map((row) => ({ ...row }))).toEqual(ours);
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
  });

  it('of examples worked by hand: half a cent goes up, free is free, included tax is inside, added tax on top', async () => {
    const quote = async (...of: [number, number, number, number | null, string, number, boolean]) => {
      const [face, bps, fixed, cap, paidBy, tax, included] = of;
      const [row] = await test.db.engine.sql`
        select fee_cents as fee, tax_cents as tax, total_cents as total
        from ticketing.quote_of(${face}::int, ${bps}::int, ${fixed}::int, ${cap}::int, ${paidBy}, ${tax}::int, ${included})`;
      return { ...row };
    };
    expect(await quote(1950, 250, 30, null, 'buyer', 0, true)).toEqual({ fee: 79, tax: 0, total: 2029 }); // 48.75 + 30
    expect(await quote(1020, 250, 0, null, 'buyer', 0, true)).toEqual({ fee: 26, tax: 0, total: 1046 }); // 25.5
    expect(await quote(0, 250, 30, null, 'buyer', 1900, true)).toEqual({ fee: 0, tax: 0, total: 0 });
    expect(await quote(10_000, 1000, 100, 500, 'buyer', 0, true)).toEqual({ fee: 500, tax: 0, total: 10_500 });
    expect(await quote(10_000, 1000, 100, null, 'organizer', 1900, true)).toEqual({ fee: 0, tax: 1597, total: 10_000 });
    expect(await quote(10_000, 0, 0, null, 'buyer', 1900, false)).toEqual({ fee: 0, tax: 1900, total: 11_900 });
  });
});
