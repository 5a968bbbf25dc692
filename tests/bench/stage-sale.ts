import type { TestDatabase } from '@liventix/db/testing';

export interface Sale {
  eventId: string;
  organizerId: string;
  tierIds: string[];
  people: string[];
}

/** An event on sale with equal tiers, and people who may buy. */
export async function stageSale(
  { admin }: TestDatabase,
  want: { tiers?: number; quantity: number; people: number },
): Promise<Sale> {
  const rows = await admin<{ id: string }[]>`
    insert into auth.users (name, email, email_verified)
    select 'Person ' || g, public.uuid_v7() || '@example.org', true from generate_series(0, ${want.people}::int) g
    returning id`;
  const [organizerId = '', ...people] = rows.map((row) => row.id);
  // A host people can see: the event's page names it.
  await admin`
    insert into public.profiles (id, email, display_name) values (${organizerId}, ${`${organizerId}@example.org`}, 'Late Frequencies')
    on conflict (id) do nothing`;
  const [event] = await admin<{ id: string }[]>`
    insert into events.events (title, owner_context_id, created_by, start_at, status)
    values ('Late Frequencies', ${organizerId}, ${organizerId}, now() + interval '30 days', 'published') returning id`;
  const eventId = event?.id ?? '';
  const tiers = await admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity)
    select ${eventId}, 'General Admission ' || g, 2000, ${want.quantity} from generate_series(1, ${want.tiers ?? 1}::int) g returning id`;
  await admin`vacuum analyze auth.users, events.events, ticketing.ticket_tiers`;
  return { eventId, organizerId, tierIds: tiers.map((row) => row.id), people };
}

/** Everything on sale again, nobody holds anything. */
export async function emptySale({ admin }: TestDatabase, { eventId }: Sale): Promise<void> {
  await admin`truncate ticketing.ticket_holds, ticketing.hold_lapses`;
  await admin`update ticketing.ticket_tiers set reserved_quantity = 0 where event_id = ${eventId}`;
  await admin`vacuum analyze ticketing.ticket_tiers, ticketing.ticket_holds`;
  await admin`checkpoint`;
}
