/** A sale as the ledger shows it. */
export interface LedgerEntry {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  /** First name, only if the buyer allows it. */
  who: string | null;
  quantity: number;
  /** Absent for roles that see no money. */
  totalCents?: number;
  kind: 'sale' | 'refund';
}

export type LedgerLine =
  | { kind: 'entry'; id: string; entry: LedgerEntry }
  | { kind: 'fold'; id: string; at: number; sales: number; totalCents: number | undefined };

/** More sales than this within one second become one line. */
export const FOLD_ABOVE = 3;

/**
 * Entries (newest first) as lines: more than three sales within the same second fold into "+8 sales, €312". Refunds
 * always stand alone, because somebody wants to see them.
 */
export function ledgerLines(entries: readonly LedgerEntry[]): LedgerLine[] {
  const lines: LedgerLine[] = [];
  for (let start = 0; start < entries.length; ) {
    const first = entries[start];
    if (!first) break;
    let end = start;
    const second = Math.floor(first.at / 1_000);
    while (
      end < entries.length &&
      entries[end]?.kind === 'sale' &&
      Math.floor((entries[end]?.at ?? 0) / 1_000) === second
    )
      end++;
    const group = entries.slice(start, end);
    if (group.length > FOLD_ABOVE) {
      const cents = group.map((entry) => entry.totalCents);
      lines.push({
        kind: 'fold',
        // The oldest of the group names the line, so it stays the same line while more arrive.
        id: `fold-${group.at(-1)?.id}`,
        at: first.at,
        sales: group.length,
        totalCents: cents.every((each) => each !== undefined)
          ? cents.reduce<number>((sum, each) => sum + (each ?? 0), 0)
          : undefined,
      });
      start = end;
    } else {
      lines.push({ kind: 'entry', id: first.id, entry: first });
      start += 1;
    }
  }
  return lines;
}

/** While somebody points at the ledger nothing moves: what is shown stays, and the new ones are counted. */
export function heldEntries(
  entries: readonly LedgerEntry[],
  heldSince: readonly LedgerEntry[] | null,
): { shown: readonly LedgerEntry[]; waiting: number } {
  if (!heldSince) return { shown: entries, waiting: 0 };
  const known = new Set(heldSince.map((entry) => entry.id));
  return { shown: heldSince, waiting: entries.filter((entry) => !known.has(entry.id)).length };
}
