import type { InCity, MovingNowView } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { buildCards } from './build-cards.ts';
import { canMove, pickVaried } from './events.rules.ts';
import { listMovingIds, readCards, readLatestSale } from './events.sql.ts';

const SHOWN = 3;
const LOOKED_AT = 12;

/**
 * Three posters whose numbers move while one looks, and the newest sale among them. A sale is told only of events that
 * show exact numbers: elsewhere it would be a figure the organizer keeps.
 */
export async function listMoving(ctx: Ctx, { city }: InCity): Promise<MovingNowView> {
  const engine = ctx.db.engine.sql;
  const ids = await listMovingIds(engine, city, LOOKED_AT);
  const cards = await buildCards(ctx, await ctx.read((_tx, sql) => readCards(sql, ids)));
  const moving = cards.filter(canMove);
  const rest = cards.filter((card) => !canMove(card) && card.status?.kind !== 'sold_out');
  const events = pickVaried(moving.length >= SHOWN ? moving : [...moving, ...rest], SHOWN);
  const exact = events.filter((card) => card.snapshot.data.tiers.every((tier) => tier.quantity !== undefined));
  const sale = await readLatestSale(
    engine,
    exact.map((card) => card.id),
  );
  const event = sale && events.find((card) => card.id === sale.eventId);
  return {
    events,
    latest:
      sale && event
        ? { who: sale.who, quantity: sale.quantity, at: sale.at, eventTitle: event.title, eventSlug: event.slug }
        : null,
  };
}
