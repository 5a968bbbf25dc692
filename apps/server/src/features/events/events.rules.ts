import { createHash } from 'node:crypto';
import { type CardStatus, cardStatus, type EventCard } from '@liventix/contracts/events';
import type { EventSnapshot } from '@liventix/contracts/live';
import { PosterSpec } from '@liventix/contracts/posters';
import { isId, isInstant, isSmallInteger, openCursor, refuseCursor, sealCursor } from '../../platform/cursors.ts';
import { choosePoster } from '../posters/choose-poster.ts';
import type { PosterInput } from '../posters/draw-poster.ts';
import { writeDateLabel } from '../posters/write-date-label.ts';

/** What a poster is drawn from, as it lies in the event's row. */
export interface PosterFacts {
  id: string;
  title: string;
  city: string | null;
  category: string | null;
  startAt: Date | null;
  timeZone: string;
  poster: unknown;
  coverImageUrl: string | null;
}

/** The poster of an event: the organizer's, or the one its category and id lead to. */
export function posterSpecOf({ id, category, poster }: Pick<PosterFacts, 'id' | 'category' | 'poster'>): PosterSpec {
  const stored = PosterSpec.safeParse(poster);
  return stored.success ? stored.data : choosePoster({ eventId: id, category });
}

/** Everything the drawing of a poster takes. */
export function posterInputOf(facts: PosterFacts): PosterInput {
  return {
    title: facts.title,
    city: facts.city ?? '',
    dateLabel: facts.startAt ? writeDateLabel(facts.startAt, facts.timeZone) : '',
    spec: posterSpecOf(facts),
  };
}

/** Short text that changes with the picture, for addresses that may be kept for ever. */
export function posterVersionOf(facts: PosterFacts): string {
  const input = posterInputOf(facts);
  return createHash('sha256')
    .update(JSON.stringify([input.title, input.city, input.dateLabel, input.spec, facts.coverImageUrl]))
    .digest('hex')
    .slice(0, 10);
}

export interface TierPrice {
  id: string;
  /** What one ticket costs its buyer, fee and tax included. */
  totalCents: number;
}

/** The least a buyer pays and whether tiers differ: of what is or will be on sale, of everything once nothing is. */
export function priceOf(
  tiers: readonly TierPrice[],
  snapshot: EventSnapshot,
): { fromCents: number | null; priceVaries: boolean } {
  const closed = new Set(
    snapshot.tiers.filter((tier) => tier.state === 'closed' || tier.state === 'sold_out').map((tier) => tier.id),
  );
  const open = tiers.filter((tier) => !closed.has(tier.id));
  const prices = (open.length > 0 ? open : tiers).map((tier) => tier.totalCents);
  if (prices.length === 0) return { fromCents: null, priceVaries: false };
  return { fromCents: Math.min(...prices), priceVaries: new Set(prices).size > 1 };
}

export function statusOf(tiers: readonly TierPrice[], snapshot: EventSnapshot): CardStatus | null {
  return cardStatus(snapshot, { free: tiers.length > 0 && tiers.every((tier) => tier.totalCents === 0) });
}

/** Where a page of a list goes on: relevance, start and id of its last row. */
export interface Place {
  rank: number;
  startAt: string;
  id: string;
}

export function writeCursor(place: Place): string {
  return sealCursor([place.rank, place.startAt, place.id]);
}

/** @throws LiventixError INPUT_INVALID when the server never wrote it */
export function readCursor(cursor: string): Place {
  const [rank, startAt, id] = openCursor(cursor, 3);
  if (!isSmallInteger(rank) || !isInstant(startAt) || !isId(id)) return refuseCursor();
  return { rank, startAt, id };
}

/** Whether a card's numbers can move before the reader's eyes. */
export function canMove(card: EventCard): boolean {
  return card.snapshot.data.tiers.some(
    (tier) => (tier.state === 'on_sale' && tier.free !== undefined) || tier.state === 'all_in_checkout',
  );
}

/** The first `most` cards, skipping one whose palette its neighbour has while another is there. */
export function pickVaried(cards: readonly EventCard[], most: number): EventCard[] {
  const waiting = [...cards];
  const picked: EventCard[] = [];
  while (picked.length < most && waiting.length > 0) {
    const before = picked.at(-1)?.palette;
    const at = Math.max(
      0,
      waiting.findIndex((card) => card.palette !== before),
    );
    picked.push(...waiting.splice(at, 1));
  }
  return picked;
}
