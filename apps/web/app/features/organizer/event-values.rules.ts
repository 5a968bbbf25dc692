import type { LineUpEntry } from '@liventix/contracts/events';
import type { TeamView } from '@liventix/contracts/organizations';
import type { OrganizerEventView, OrganizerTier, UpdateEvent } from '@liventix/contracts/organizer';
import type { Stored } from '~/platform/forms/edits.ts';

/** What the event's form changes, field by field, as the API takes it. */
export type EventValues = Required<Omit<UpdateEvent, 'eventId' | 'edition' | 'which' | 'lineUp' | 'category'>> & {
  category: string | null;
  lineUp: LineUpEntry[];
};

export function eventValues(event: OrganizerEventView): Stored<EventValues> {
  const { title, summary, description, visibility, category, startLocal, endLocal, doorsLocal, timeZone } = event;
  const { onlineUrl, accessInfo, lineUp, minAge, refundPolicy, refundKeepsFees, availabilityDisplay } = event;
  const { maxPerPerson, currency, taxIncluded, resellRefunded, postsByVerified, waitingRoom, fees, edition } = event;
  return {
    ...{ title, summary, description, visibility, category, startLocal, endLocal, doorsLocal, timeZone },
    ...{ venue: event.venue ?? '', address: event.address ?? '', city: event.city ?? '' },
    ...{ onlineUrl, accessInfo, lineUp, minAge, refundPolicy, refundKeepsFees, availabilityDisplay },
    ...{ maxPerPerson, currency, taxIncluded, resellRefunded, postsByVerified, waitingRoom, ...fees, edition },
  };
}

export type TierValues = Pick<
  OrganizerTier,
  | 'name'
  | 'description'
  | 'priceCents'
  | 'quantity'
  | 'salesStartLocal'
  | 'salesEndLocal'
  | 'minPerOrder'
  | 'maxPerOrder'
  | 'taxRateBps'
>;

/** Of a new tier: price and places are not said yet. */
const NEW_TIER: Stored<TierValues> = {
  ...{ name: '', description: '', priceCents: Number.NaN, quantity: Number.NaN, salesStartLocal: null },
  ...{ salesEndLocal: null, minPerOrder: 1, maxPerOrder: 10, taxRateBps: 0, edition: 0 },
};

export function tierValues(tier: OrganizerTier | null): Stored<TierValues> {
  if (!tier) return NEW_TIER;
  const { name, description, priceCents, quantity, salesStartLocal, salesEndLocal } = tier;
  const { minPerOrder, maxPerOrder, taxRateBps, edition } = tier;
  return {
    ...{ name, description, priceCents, quantity, salesStartLocal, salesEndLocal },
    ...{ minPerOrder, maxPerOrder, taxRateBps, edition },
  };
}

export interface OrganizationValues {
  name: string;
  city: string;
  description: string;
  contactUserId: string | null;
}

export function organizationValues({ organization }: TeamView): Stored<OrganizationValues> {
  const { name, city, description, contactUserId, edition } = organization;
  return { name, city: city ?? '', description, contactUserId: contactUserId ?? null, edition };
}
