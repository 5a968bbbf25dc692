import type { EventCard } from '@liventix/contracts/events';
import type { WorkCtx } from '../../platform/context.ts';
import { posterSpecOf, posterVersionOf, priceOf, statusOf } from './events.rules.ts';
import { type CardRow, readSnapshots } from './events.sql.ts';

/** Cards of rows that the caller was allowed to read: with them the public snapshot, and what a card says of it, from the primary. */
export async function buildCards(ctx: WorkCtx, rows: readonly CardRow[]): Promise<EventCard[]> {
  if (rows.length === 0) return [];
  const snapshots = await readSnapshots(
    ctx.db.engine.sql,
    rows.map((row) => row.id),
  );
  return rows.flatMap((row) => {
    const snapshot = snapshots.get(row.id);
    if (!snapshot) return []; // deleted between the two reads
    const { id, slug, title, startAt, endAt, timeZone, venue, city, category, currency, tiers } = row;
    return {
      ...{ id, slug, title, startAt, endAt, timeZone, venue, city, category, currency },
      palette: posterSpecOf(row).palette,
      posterVersion: posterVersionOf(row),
      ...priceOf(tiers, snapshot.data),
      status: statusOf(tiers, snapshot.data),
      snapshot,
    };
  });
}
