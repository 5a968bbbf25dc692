import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@liventix/db/testing';
import type { TestApp, Visitor } from '../../testing/index.ts';
import { stepRooms } from './step-rooms.ts';

/** A superuser's connection, of an app or of a database alone. */
export type Books = Pick<TestDatabase, 'admin'>;

export interface Stage {
  eventId: string;
  tierId: string;
}

export interface StagePlan {
  quantity?: number;
  /** Null: on sale already. */
  opensInSeconds?: number | null;
  waitingRoom?: 'off' | 'on' | 'by_itself';
  display?: 'exact' | 'low_only' | 'hidden';
  ownerId?: string;
}

/** A published event with one tier; its room, if it is switched on, comes with the next step. */
export async function stageRoom(app: Books, plan: StagePlan = {}): Promise<Stage> {
  const { quantity = 100, opensInSeconds = null, waitingRoom = 'on', display = 'exact' } = plan;
  let ownerId = plan.ownerId;
  if (!ownerId) {
    const [row] = await app.admin<{ id: string }[]>`
      insert into auth.users (name, email) values ('Theo', ${`${randomUUID()}@example.test`}) returning id`;
    ownerId = row?.id as string;
  }
  const [event] = await app.admin<{ id: string }[]>`
    insert into events.events (title, start_at, status, waiting_room, availability_display, owner_context_id, created_by)
    values ('Paper Tigers', clock_timestamp() + interval '9 days', 'published', ${waitingRoom}, ${display}, ${ownerId}, ${ownerId}) returning id`;
  const eventId = event?.id as string;
  const [tier] = await app.admin<{ id: string }[]>`
    insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, sales_start)
    values (${eventId}, 'Floor', 2000, ${quantity}, clock_timestamp() + make_interval(secs => ${opensInSeconds}::float8)) returning id`;
  return { eventId, tierId: tier?.id as string };
}

/** Time passes in an event's room (and for its sale, when it has not opened): every moment written down moves back. */
export async function letPass(app: Books, eventId: string, seconds: number): Promise<void> {
  await app.admin`
    update ticketing.waiting_rooms set stepped_at = stepped_at - make_interval(secs => ${seconds}), told_at = told_at - make_interval(secs => ${seconds}),
           calm_since = calm_since - make_interval(secs => ${seconds})
     where event_id = ${eventId} and state <> 'closed'`;
  await app.admin`
    update ticketing.waiting_spots set seen_at = seen_at - make_interval(secs => ${seconds}), missed_at = missed_at - make_interval(secs => ${seconds}),
           admitted_at = admitted_at - make_interval(secs => ${seconds}), admission_ends_at = admission_ends_at - make_interval(secs => ${seconds}),
           ended_at = ended_at - make_interval(secs => ${seconds})
     where room_id in (select id from ticketing.waiting_rooms where event_id = ${eventId})`;
}

export async function openSales(app: Books, { tierId }: Stage): Promise<void> {
  await app.admin`update ticketing.ticket_tiers set sales_start = clock_timestamp() - interval '1 second' where id = ${tierId}`;
}

/** A second passes, and the worker's step is made. */
export async function step(app: TestApp, eventId: string, seconds = 1): Promise<void> {
  await letPass(app, eventId, seconds);
  await stepRooms(app.work());
}

/** People as the database knows them, without browsers. */
export async function crowd(app: Books, count: number): Promise<string[]> {
  const rows = await app.admin<{ id: string }[]>`
    insert into auth.users (name, email) select 'Person ' || g, gen_random_uuid() || '@example.test' from generate_series(1, ${count}::int) g
    returning id`;
  return rows.map((row) => row.id);
}

export const take = (by: Visitor, { eventId, tierId }: Stage, quantity = 1) =>
  by.api.holds.place({ eventId, checkoutId: randomUUID(), lines: [{ tierId, quantity }] });
