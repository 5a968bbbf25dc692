import type { CardStatus, EventCard } from '@liventix/contracts/events';
import type { TFunction } from 'i18next';
import { formatDate, formatMoney } from '~/platform/format.ts';
import type { EventStatus } from '~/ui/status-line/status-line.tsx';

/** "from €18", "€18", "Free": what a buyer pays for one ticket. */
export function priceWords(
  t: TFunction<'discover'>,
  card: Pick<EventCard, 'fromCents' | 'priceVaries' | 'currency'>,
  locale: string,
): string | null {
  if (card.fromCents === null) return null;
  if (card.fromCents === 0) return card.priceVaries ? t('free_from') : t('free');
  const price = formatMoney(card.fromCents, card.currency, { locale });
  return card.priceVaries ? t('from', { price }) : price;
}

/** "Fri 10:00" within a week, "Fri 4 Dec, 10:00" later. */
export function openingWords(opensAt: number, zone: string, nowMs: number, locale: string): string {
  const whole = formatDate(opensAt, zone, 'short', locale);
  if (opensAt - nowMs > 6 * 86_400_000) return whole;
  return `${whole.split(' ')[0] ?? ''} ${formatDate(opensAt, zone, 'time', locale)}`;
}

/** A card's status as the status line takes it. `free` stands where the price stands, so it is not said twice. */
export function statusWords(
  status: CardStatus | null,
  card: Pick<EventCard, 'timeZone' | 'snapshot'>,
  version: number,
  nowMs: number,
  locale: string,
): EventStatus | null {
  if (!status || status.kind === 'free' || status.kind === 'postponed') return null;
  if (status.kind === 'left') return { ...status, version };
  if (status.kind === 'on_sale')
    return { kind: 'on_sale', when: openingWords(status.opensAt, card.timeZone, nowMs, locale) };
  return { kind: status.kind };
}

/** "Berlin, Saal Amrum" */
export function placeWords(event: { city: string | null; venue: string | null }): string {
  return [event.city, event.venue].filter(Boolean).join(', ');
}

/** A category in words: ours have a key, others show themselves. */
export function categoryWords(t: TFunction<'discover'>, category: string): string {
  const known = t(`categories.${category as 'club'}`, { defaultValue: '' });
  return known || category.charAt(0).toUpperCase() + category.slice(1);
}

/** A text as paragraphs: blank lines part them. */
export function paragraphsOf(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter(Boolean);
}
