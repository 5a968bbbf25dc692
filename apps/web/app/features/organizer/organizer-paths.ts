import { paths } from '~/platform/paths.ts';

/** Addresses inside the organizer's part. */
export const organizerPaths = {
  overview: paths.organize,
  live: paths.organizeEvent,
  edit: (eventId: string) => `${paths.organizeEvent(eventId)}/edit`,
  tiers: (eventId: string) => `${paths.organizeEvent(eventId)}/tiers`,
  orders: (eventId: string) => `${paths.organizeEvent(eventId)}/orders`,
  order: (eventId: string, orderId: string) => `${paths.organizeEvent(eventId)}/orders/${orderId}`,
  attendees: (eventId: string) => `${paths.organizeEvent(eventId)}/attendees`,
  attendeesCsv: (eventId: string) => `${paths.organizeEvent(eventId)}/attendees.csv`,
  cover: (eventId: string) => `${paths.organizeEvent(eventId)}/cover`,
  health: (eventId: string) => `${paths.organizeEvent(eventId)}/health`,
  team: (orgId: string) => `/organizer/team/${orgId}`,
} as const;
