import type { HostRef, HostView } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { buildCards } from './build-cards.ts';
import { listHostIds, readCards, readHost } from './events.sql.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST = 60;

/** The page of whoever hosts: an organization by its slug, a person by her id once she has hosted something public. */
export async function readHostPage(ctx: Ctx, { slug }: HostRef): Promise<HostView> {
  const asked = UUID.test(slug) ? ({ type: 'user', id: slug } as const) : { slug };
  const host = await readHost(ctx.db.engine.sql, asked, ctx.actor?.userId ?? null);
  if (!host) fail('NOT_FOUND');
  const { coming, over } = await ctx.readPublic(async (_tx, sql) => {
    const [comingIds, overIds] = await Promise.all([
      listHostIds(sql, host, false, MOST),
      listHostIds(sql, host, true, 12),
    ]);
    const [coming, over] = await Promise.all([readCards(sql, comingIds), readCards(sql, overIds)]);
    return { coming, over };
  });
  if (host.type === 'user' && coming.length + over.length === 0) fail('NOT_FOUND');
  const { description, city, ...line } = host;
  const cards = await buildCards(ctx, [...coming, ...over]);
  const soon = new Set(coming.map((row) => row.id));
  return {
    host: line,
    description,
    city,
    upcoming: cards.filter((card) => soon.has(card.id)),
    past: cards.filter((card) => !soon.has(card.id)),
  };
}
