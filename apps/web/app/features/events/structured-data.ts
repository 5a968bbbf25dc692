import { type EventPageView, shownCents } from '@liventix/contracts/events';
import type { EventSnapshot, TierAvailability } from '@liventix/contracts/live';
import { decimalsOf } from '@liventix/contracts/money';
import { placeLine } from '@liventix/contracts/places';

const STATUS: Partial<Record<EventSnapshot['status'], string>> = {
  cancelled: 'https://schema.org/EventCancelled',
  postponed: 'https://schema.org/EventPostponed',
};

const AVAILABILITY: Record<TierAvailability['state'], string> = {
  on_sale: 'https://schema.org/InStock',
  all_in_checkout: 'https://schema.org/LimitedAvailability',
  sold_out: 'https://schema.org/SoldOut',
  paused: 'https://schema.org/InStoreOnly',
  not_yet: 'https://schema.org/PreOrder',
  closed: 'https://schema.org/Discontinued',
};

const decimal = (cents: number, currency: string) => (cents / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));

/** The event for search engines. States in words only: no count of places is in here, shown or hidden. */
export function eventJsonLd(event: EventPageView, origin: string): Record<string, unknown> {
  const url = `${origin}/e/${event.slug}`;
  const states = new Map(event.snapshot.data.tiers.map((tier) => [tier.id, tier.state]));
  return {
    '@type': 'Event',
    name: event.title,
    ...(event.summary || event.description ? { description: (event.summary || event.description).slice(0, 300) } : {}),
    ...(event.startAt ? { startDate: event.startAt.toISOString() } : {}),
    ...(event.endAt ? { endDate: event.endAt.toISOString() } : {}),
    ...(event.doorsAt ? { doorTime: event.doorsAt.toISOString() } : {}),
    eventStatus: STATUS[event.status] ?? 'https://schema.org/EventScheduled',
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    location: {
      '@type': 'Place',
      name: event.venue ?? event.city ?? '',
      address: placeLine({ address: event.address, city: event.city }),
    },
    image: [`${origin}/posters/${event.id}/share.png`, `${origin}/posters/${event.id}.webp?w=1080`],
    organizer: {
      '@type': event.host.type === 'organization' ? 'Organization' : 'Person',
      name: event.host.name,
      url: `${origin}/h/${event.host.slug}`,
    },
    url,
    ...(event.status === 'cancelled' || event.status === 'ended'
      ? {}
      : {
          offers: event.tiers.map((tier) => ({
            '@type': 'Offer',
            name: tier.name,
            price: decimal(shownCents(tier), event.currency),
            priceCurrency: event.currency,
            url,
            availability: AVAILABILITY[states.get(tier.id) ?? 'closed'],
            ...(tier.salesStart ? { validFrom: tier.salesStart.toISOString() } : {}),
          })),
        }),
  };
}
