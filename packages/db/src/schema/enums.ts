import { pgEnum } from 'drizzle-orm/pg-core';

export const availabilityDisplay = pgEnum('availability_display', ['exact', 'low_only', 'hidden']);
export const eventStatus = pgEnum('event_status', ['draft', 'published', 'postponed', 'cancelled']);
export const eventVisibility = pgEnum('event_visibility', ['public', 'unlisted', 'private']);
export const holdStatus = pgEnum('hold_status', ['active', 'converted', 'released', 'expired']);
export const orderStatus = pgEnum('order_status', ['pending', 'paid', 'cancelled', 'refunded']);
export const orgRole = pgEnum('org_role', ['owner', 'admin', 'editor', 'scanner', 'viewer']);
export const ownerContext = pgEnum('owner_context', ['user', 'organization']);
export const profileRole = pgEnum('profile_role', ['attendee', 'organizer', 'admin']);
export const reactionKind = pgEnum('reaction_kind', ['like', 'comment', 'share']);
export const refundStatus = pgEnum('refund_status', ['pending', 'succeeded', 'failed']);
export const ticketStatus = pgEnum('ticket_status', ['issued', 'transferred', 'redeemed', 'refunded']);
export const ticketTierStatus = pgEnum('ticket_tier_status', ['active', 'inactive', 'sold_out']);
