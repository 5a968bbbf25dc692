import type { EventPageView } from '@liventix/contracts/events';
import type { EventSnapshot, TierAvailability } from '@liventix/contracts/live';
import { decimalsOf } from '@liventix/contracts/money';
import { cached } from '~/platform/format.ts';

const STATUS: Partial<Record<EventSnapshot['status'], string>> = {
  cancelled: 'https://schema.org/EventCancelled',
  postponed: 'https://schema.org/EventPostponed',
};

const AVAILABILITY: Record<TierAvailability['state'], string> = {
  on_sale: 'https://schema.org/InStock',
  all_in_checkout: 'https://schema.org/LimitedAvailability',
  sold_out: 'https://schema.org/SoldOut',
  paused: 'https://schema.org/OutOfStock',
  not_yet: 'https://schema.org/PreOrder',
  closed: 'https://schema.org/Discontinued',
};

const decimal = (cents: number, currency: string) => (cents / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));

/** An instant on the clock of the event, as Google asks for it: `2027-06-04T20:00:00+01:00`. */
export function onItsClock(at: Date, timeZone: string): string {
  const format = cached(
    `clock ${timeZone}`,
    () =>
      new Intl.DateTimeFormat('en-GB', {
        timeZone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZoneName: 'longOffset',
      }),
  );
  const parts = format.formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  const offset = of('timeZoneName').slice('GMT'.length) || '+00:00';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}${offset}`;
}

/** The event for search engines. States in words only: no count of places is in here, shown or hidden. */
export function eventJsonLd(event: EventPageView, origin: string): Record<string, unknown> {
  const url = `${origin}/e/${event.slug}`;
  const states = new Map(event.snapshot.data.tiers.map((tier) => [tier.id, tier.state]));
  return {
    '@type': 'Event',
    name: event.title,
    ...(event.summary || event.description ? { description: (event.summary || event.description).slice(0, 300) } : {}),
    ...(event.startAt ? { startDate: onItsClock(event.startAt, event.timeZone) } : {}),
    ...(event.endAt ? { endDate: onItsClock(event.endAt, event.timeZone) } : {}),
    ...(event.doorsAt ? { doorTime: onItsClock(event.doorsAt, event.timeZone) } : {}),
    eventStatus: STATUS[event.status] ?? 'https://schema.org/EventScheduled',
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    location: {
      '@type': 'Place',
      name: event.venue ?? event.city ?? '',
      address: {
        '@type': 'PostalAddress',
        ...(event.address ? { streetAddress: event.address } : {}),
        ...(event.city ? { addressLocality: event.city } : {}),
      },
    },
    ...(event.lineUp.length > 0
      ? { performer: event.lineUp.map(({ name }) => ({ '@type': 'PerformingGroup', name })) }
      : {}),
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
            price: decimal(tier.totalCents, event.currency),
            priceCurrency: event.currency,
            url,
            availability: AVAILABILITY[states.get(tier.id) ?? 'closed'],
            ...(tier.salesStart ? { validFrom: onItsClock(tier.salesStart, event.timeZone) } : {}),
          })),
        }),
  };
}
