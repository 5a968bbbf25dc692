import { describe, expect, it } from 'vitest';
import { heldEntries, type LedgerEntry, ledgerLines } from './ledger.rules.ts';

const sale = (id: string, at: number, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id,
  at,
  who: 'Ada',
  quantity: 2,
  totalCents: 4_100,
  kind: 'sale',
  ...more,
});

describe('the ledger', () => {
  it('shows up to three sales of a second one by one', () => {
    const lines = ledgerLines([sale('c', 10_900), sale('b', 10_500), sale('a', 10_100)]);
    expect(lines.map((line) => line.id)).toEqual(['c', 'b', 'a']);
  });

  it('folds more than three sales of a second into one line with their sum', () => {
    const lines = ledgerLines([
      sale('d', 10_900),
      sale('c', 10_800),
      sale('b', 10_500),
      sale('a', 10_100),
      sale('z', 9_000),
    ]);
    expect(lines).toEqual([
      { kind: 'fold', id: 'fold-a', at: 10_900, sales: 4, totalCents: 16_400 },
      { kind: 'entry', id: 'z', entry: sale('z', 9_000) },
    ]);
  });

  it('never folds a refund', () => {
    const refund = sale('r', 10_600, { kind: 'refund' });
    const lines = ledgerLines([sale('c', 10_900), sale('b', 10_800), refund, sale('a', 10_100), sale('y', 10_050)]);
    expect(lines.map((line) => line.kind)).toEqual(['entry', 'entry', 'entry', 'entry', 'entry']);
  });

  it('shows no sum to roles that see no money', () => {
    const blind = { totalCents: undefined };
    const [line] = ledgerLines([
      sale('d', 1_900, blind),
      sale('c', 1_800, blind),
      sale('b', 1_700, blind),
      sale('a', 1_600, blind),
    ]);
    expect(line).toMatchObject({ kind: 'fold', sales: 4, totalCents: undefined });
  });

  it('holds still under the pointer and counts what waits', () => {
    const held = [sale('b', 2_000), sale('a', 1_000)];
    const now = [sale('d', 4_000), sale('c', 3_000), ...held];
    expect(heldEntries(now, held)).toEqual({ shown: held, waiting: 2 });
    expect(heldEntries(now, null)).toEqual({ shown: now, waiting: 0 });
  });
});
