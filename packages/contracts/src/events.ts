/**
 * Events as people find and open them. What a card or page may say about places is computed here from the public
 * snapshot alone, so that the server and a live page say the same thing, and nobody says more than the organizer shows.
 */
import * as z from 'zod/mini';
import { Email } from './email.ts';
import type { EventSnapshot } from './live.ts';
import type { PaletteName } from './posters.ts';
import { Cursor, Day, line, Slug } from './text.ts';

export * from './sale-words.ts';

/** Categories an organizer chooses among; older events may carry another word. */
export const EVENT_CATEGORIES = [
  'concert',
  'club',
  'comedy',
  'stage',
  'film',
  'talks',
  'food',
  'market',
  'sport',
  'family',
  'workshop',
] as const;
export type EventCategory = (typeof EVENT_CATEGORIES)[number];

export const EventSlug = z.object({ slug: Slug });
export type EventSlug = z.infer<typeof EventSlug>;

export const EventRef = z.object({ eventId: z.uuid() });
export type EventRef = z.infer<typeof EventRef>;

export const Discover = z.object({
  q: z.optional(line(80, 1)),
  city: z.optional(line(80, 1)),
  /** `tonight` lasts until 05:00 where the event is; `weekend` is Friday 17:00 to Monday 05:00. */
  when: z.optional(z.enum(['tonight', 'weekend'])),
  /** A day in the event's own zone, until 05:00 of the next; wins over `when`. */
  date: z.optional(Day),
  category: z.optional(line(40, 1)),
  cursor: z.optional(Cursor),
});
export type Discover = z.infer<typeof Discover>;

export const InCity = z.object({ city: z.optional(line(80, 1)) });
export type InCity = z.infer<typeof InCity>;

/** `on_sale`: when sales open. `place_back`: when a place comes back. */
export const ALERT_KINDS = ['on_sale', 'place_back'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const TellMe = z.object({
  eventId: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  /** Where to write; an account's own address when absent. */
  email: z.optional(Email),
});
export type TellMe = z.infer<typeof TellMe>;

/** `telling`: one mail will come. `asked`: the mailbox was sent a link, and nothing comes before it is confirmed. */
export interface TellMeView {
  state: 'telling' | 'asked';
}

/** The link of an alert's first mail: its id, and a signature that only that mail carries. */
export const ConfirmAlert = z.object({ alertId: z.uuid(), key: z.string().check(z.regex(/^[\w-]{43}$/)) });
export type ConfirmAlert = z.infer<typeof ConfirmAlert>;

/** An alert by its id, which only its mail carries. */

export const UntellMe = z.object({ eventId: z.uuid(), kind: z.enum(ALERT_KINDS) });
export type UntellMe = z.infer<typeof UntellMe>;

/** An organization by its slug, a person by her id. */
export const HostRef = z.object({ slug: Slug });
export type HostRef = z.infer<typeof HostRef>;

export const ViewPage = z.object({
  eventId: z.uuid(),
  /** Host of the page that led here; nothing else of it. */
  referrerHost: z.optional(z.string().check(z.regex(/^[a-z0-9.-]+$/i), z.maxLength(120))),
});
export type ViewPage = z.infer<typeof ViewPage>;

export type CardStatus =
  | { kind: 'left'; count: number }
  | { kind: 'fast' | 'all_in_checkout' | 'sold_out' | 'free' | 'ended' | 'cancelled' | 'paused' | 'postponed' }
  | { kind: 'on_sale'; opensAt: number };

export interface EventCard {
  id: string;
  slug: string;
  title: string;
  startAt: Date | null;
  endAt: Date | null;
  timeZone: string;
  venue: string | null;
  city: string | null;
  category: string | null;
  currency: string;
  palette: PaletteName;
  /** Changes with what is drawn on the poster. */
  posterVersion: string;
  /** The least a buyer pays for one ticket, fees (and tax where prices include it) in; null without tiers. */
  fromCents: number | null;
  /** Whether tiers differ in price: "from €18" instead of "€18". */
  priceVaries: boolean;
  status: CardStatus | null;
  /** What the live room of the event would say now. */
  snapshot: { version: number; data: EventSnapshot };
}

export interface Suggestion {
  /** What the person may have meant, a word of a title or a place. */
  q: string;
  count: number;
  /** The city that has most of them. */
  city: string | null;
}

export interface DiscoverView {
  events: EventCard[];
  nextCursor: string | null;
  /** Only when nothing was found for `q`. */
  suggestion: Suggestion | null;
}

export interface LatestSale {
  /** First name, only if the buyer allows it. */
  who: string | null;
  quantity: number;
  eventTitle: string;
  eventSlug: string;
  at: Date;
}

export interface MovingNowView {
  events: EventCard[];
  /** Of one of these events, among those that show exact numbers. */
  latest: LatestSale | null;
}

export interface CityCount {
  city: string;
  events: number;
}
export interface CategoryCount {
  category: string;
  events: number;
}

export interface HostLine {
  type: 'user' | 'organization';
  id: string;
  /** Of the host page `/h/:slug`. */
  slug: string;
  name: string;
  palette: PaletteName | null;
  followers: number;
  following: boolean;
}

export interface LineUpEntry {
  name: string;
  /** "23:30", local. */
  at?: string;
  note?: string;
}

export interface TierView {
  id: string;
  name: string;
  description: string;
  minPerOrder: number;
  maxPerOrder: number;
  faceCents: number;
  feeCents: number;
  taxCents: number;
  /** What a buyer pays for one. With tax added on top it is in here too, and `taxCents` is its own line. */
  totalCents: number;
  taxRateBps: number;
  salesStart: Date | null;
  salesEnd: Date | null;
}

/** My running checkout for this event. */
export interface OwnCheckout {
  checkoutId: string;
  expiresAt: Date;
  /** As in `CheckoutView`. */
  standsUntil: number | null;
  lines: { tierId: string; quantity: number }[];
}

export type RefundPolicy = 'none' | 'until_1d' | 'until_7d' | 'until_start';

export interface EventPageView {
  id: string;
  slug: string;
  title: string;
  summary: string;
  description: string;
  status: EventSnapshot['status'];
  visibility: 'public' | 'unlisted' | 'private';
  startAt: Date | null;
  endAt: Date | null;
  doorsAt: Date | null;
  /** When it is over: its end, or six hours after its start. */
  overAt: Date | null;
  timeZone: string;
  venue: string | null;
  address: string | null;
  city: string | null;
  category: string | null;
  currency: string;
  lineUp: LineUpEntry[];
  minAge: number | null;
  accessInfo: string;
  refundPolicy: RefundPolicy | null;
  refundKeepsFees: boolean;
  taxIncluded: boolean;
  maxPerPerson: number;
  cancelReason: string | null;
  palette: PaletteName;
  posterVersion: string;
  /** The link of an online event: ticket holders and the team alone. */
  onlineUrl: string | null;
  host: HostLine;
  tiers: TierView[];
  snapshot: { version: number; data: EventSnapshot };
  checkout: OwnCheckout | null;
  saved: boolean;
  /** What the caller asked to be told, and whether the mailbox has confirmed it. */
  alerts: { kind: AlertKind; confirmed: boolean }[];
  ownTickets: number;
  /** Whether the caller belongs to the team; a draft is seen by the team alone. */
  manages: boolean;
  serverNow: Date;
}

export interface HostView {
  host: HostLine;
  description: string;
  city: string | null;
  upcoming: EventCard[];
  past: EventCard[];
}

export interface SavedView {
  events: EventCard[];
}
