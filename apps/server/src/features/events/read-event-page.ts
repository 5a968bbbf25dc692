import type { EventPageView, EventSlug } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { posterSpecOf, posterVersionOf } from './events.rules.ts';
import { readHost, readOwnFacts, readPage, readSnapshots, readTiers } from './events.sql.ts';

const NOBODYS = { saved: false, alerts: [], ownTickets: 0, checkout: null };

/**
 * The page of an event: public and unlisted ones for everybody with the address, private ones for ticket holders and the
 * team, drafts for the team. Missing and foreign are the same NOT_FOUND.
 */
export async function readEventPage(ctx: Ctx, { slug }: EventSlug): Promise<EventPageView> {
  const { actor } = ctx;
  const engine = ctx.db.engine.sql;
  const found = await ctx.read(async (_tx, sql) => {
    const page = await readPage(sql, slug);
    if (!page) return null;
    const [tiers, facts, snapshots, host] = await Promise.all([
      readTiers(sql, page.id),
      actor ? readOwnFacts(sql, page.id) : NOBODYS,
      readSnapshots(engine, [page.id]),
      readHost(engine, { type: page.ownerType, id: page.ownerId }, actor?.userId ?? null),
    ]);
    return { page, tiers, facts, snapshots, host };
  });
  if (!found) fail('NOT_FOUND');
  const { page, tiers, facts, snapshots, host } = found;
  const snapshot = snapshots.get(page.id);
  if (!snapshot || !host) fail('NOT_FOUND');
  const {
    poster: _p,
    coverImageUrl: _c,
    ownerType: _t,
    ownerId: _o,
    version: _v,
    createdAt: _a,
    cancelled: _x,
    ...shown
  } = page;
  return {
    ...shown,
    status: snapshot.data.status,
    palette: posterSpecOf(page).palette,
    posterVersion: posterVersionOf(page),
    host: {
      type: host.type,
      id: host.id,
      slug: host.slug,
      name: host.name,
      palette: host.palette,
      followers: host.followers,
      following: host.following,
    },
    tiers,
    snapshot,
    ...facts,
  };
}
