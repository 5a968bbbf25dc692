import type { StaffSnapshot } from '@liventix/contracts/live';
import { type OrgRole, roleAllows } from '@liventix/contracts/organizations';
import { type AnyRoom, defineRoom } from '../../platform/live/define-room.ts';
import { findStaff, requireOrgRole } from '../organizations/require-role.ts';
import { readOrganizationSnapshot, readStaffSnapshot, type WholeStaffSnapshot } from './organizer.sql.ts';

/** What of an event's inside a role may see, widest first. */
export type StaffFacet = 'money' | 'totals' | 'orders' | 'door';

export function facetOf(role: OrgRole): StaffFacet {
  if (roleAllows(role, 'money.see')) return 'money';
  if (roleAllows(role, 'totals')) return 'totals';
  return roleAllows(role, 'orders.names') ? 'orders' : 'door';
}

/** Leaves out what the facet may not see; an absent figure is absent, never zero. */
export function cutSnapshot(
  { grossCents, feesCents, netCents, refundedCents, disputedCents, owedCents, ...whole }: WholeStaffSnapshot,
  facet: StaffFacet,
  viewing: number,
): StaffSnapshot {
  const money = facet === 'money' || facet === 'totals';
  const door = facet === 'door';
  return {
    ...whole,
    ...(money ? { grossCents, feesCents, netCents, refundedCents, disputedCents, owedCents } : {}),
    funnel: door ? { viewing: 0, holding: 0, paying: 0, paid: 0 } : { viewing, ...whole.funnel },
    // Who bought what is a matter of orders: owners, admins and, without amounts, editors.
    sales:
      facet === 'money'
        ? whole.sales
        : facet === 'orders'
          ? whole.sales.map(({ totalCents: _cents, ...sale }) => sale)
          : [],
    curve: door ? [] : money ? whole.curve : whole.curve.map(({ at, sold }) => ({ at, sold })),
  };
}

/** Which organization an event belongs to never changes, so it may be remembered; filled when its room is read. */
const organizationOf = new Map<string, string>();
const REMEMBERED_MOST = 50_000;

function remember(orgId: string, eventIds: readonly string[]): void {
  for (const id of eventIds) {
    if (organizationOf.size >= REMEMBERED_MOST) organizationOf.clear();
    organizationOf.set(id, orgId);
  }
}

const byEvent = (eventId: unknown) => (typeof eventId === 'string' ? organizationOf.get(eventId) : undefined);

/** The inside of an event, by role: each sale, payment, refund and admission as it happens. */
export const staffRoom = defineRoom({
  kind: 'staff',
  authorize: async (ctx, id) => {
    const staff = await findStaff(ctx, id);
    return staff ? facetOf(staff.role) : false;
  },
  snapshot: async (ctx, id, facet) => {
    const found = await readStaffSnapshot(ctx.db.engine.sql, id);
    return (
      found && {
        version: found.version,
        data: cutSnapshot(found.data, facet as StaffFacet, ctx.live.viewers('event', id)),
      }
    );
  },
  fromRow: {
    'ticketing.ticket_tiers': (row) => row.event_id as string | undefined,
    'ticketing.event_counters': (row) => row.event_id as string | undefined,
    'ticketing.orders': (row) => row.event_id as string | undefined,
    'events.events': (row) => row.id as string | undefined,
  },
  recheck: {
    'organizations.org_memberships': (row) => (typeof row.user_id === 'string' ? { userId: row.user_id } : 'everyone'),
  },
  presenceOf: 'event',
});

/** Sales across an organization's events, for its members. */
export const organizationRoom = defineRoom({
  kind: 'organization',
  authorize: async (ctx, id) => {
    const found = await requireOrgRole(ctx, id).catch(() => null);
    return found ? (roleAllows(found.role, 'totals') ? 'totals' : 'counts') : false;
  },
  snapshot: async (ctx, id, facet) => {
    const found = await readOrganizationSnapshot(ctx.db.engine.sql, id);
    if (!found) return null;
    remember(
      id,
      found.data.events.map((event) => event.id),
    );
    if (facet === 'totals') return found;
    return {
      version: found.version,
      data: { events: found.data.events.map(({ grossCents: _cents, ...event }) => event) },
    };
  },
  fromRow: {
    'ticketing.ticket_tiers': (row) => byEvent(row.event_id),
    'ticketing.orders': (row) => byEvent(row.event_id),
    // A new event's row does not say whose it is: every organization that is looked at is read again, which is rare and cheap.
    'events.events': (row, _old, command) =>
      byEvent(row.id) ?? (command === 'insert' ? [...new Set(organizationOf.values())] : undefined),
  },
  recheck: {
    'organizations.org_memberships': (row) => (typeof row.user_id === 'string' ? { userId: row.user_id } : 'everyone'),
  },
});

export const organizerRooms: readonly AnyRoom[] = [staffRoom, organizationRoom];
