import type {
  RoomCounts,
  RoomSale,
  SpotState,
  WaitingRoomSnapshot,
  WaitingSpot,
} from '@liventix/contracts/waiting-room';
import type postgres from 'postgres';

type Sql = postgres.ISql;

interface SpotRow {
  id: string;
  user_id: string;
  state: SpotState;
  number: number | null;
  passed: WaitingSpot['passed'];
  until: number | null;
}

const spotOf = ({ id, state, number, passed, until }: SpotRow): WaitingSpot => ({
  id,
  state,
  number,
  passed,
  admittedUntil: state === 'admitted' ? until : null,
});

/**
 * Takes or finds the spots of a batch of arrivals; the people who have one now. Empty when the event has no living room.
 * @param addressKeys where each of them comes from (`addressKeyOf`); null is not counted
 */
export async function enterSpots(
  sql: Sql,
  eventId: string,
  userIds: readonly string[],
  addressKeys: readonly (string | null)[] = userIds.map(() => null),
): Promise<Set<string>> {
  const rows = await sql<{ user_id: string }[]>`
    select s.user_id from ticketing.enter_waiting_room(${eventId}, ${[...userIds]}::uuid[], ${[...addressKeys]}::bigint[]) s`;
  return new Set(rows.map((row) => row.user_id));
}

/** The caller's newest spot in the event's newest room, under her own rights. */
export async function findSpot(sql: Sql, eventId: string, userId: string): Promise<WaitingSpot | null> {
  const [row] = await sql<SpotRow[]>`
    select s.id, s.user_id, s.state, s.number, (extract(epoch from s.admission_ends_at) * 1000)::float8 as until,
           case when s.state = 'waiting' and s.number <= w.served
                then case when s.missed_at is null then 'network' else 'away' end end as passed
      from ticketing.waiting_spots s
      join (select w.id, w.served from ticketing.waiting_rooms w where w.event_id = ${eventId} order by w.created_at desc limit 1) w
        on w.id = s.room_id
     where s.user_id = ${userId}
     order by s.state in ('waiting', 'admitted') desc, s.arrived_at desc limit 1`;
  return row ? spotOf(row) : null;
}

/** Notes that these people are there: a row is touched at most every ten seconds. One statement for a batch. */
export async function keepSeen(sql: Sql, eventIds: readonly string[], userIds: readonly string[]): Promise<void> {
  await sql`
    update ticketing.waiting_spots s set seen_at = clock_timestamp()
      from unnest(${[...eventIds]}::uuid[], ${[...userIds]}::uuid[]) u(event_id, user_id)
      join ticketing.waiting_rooms w on w.event_id = u.event_id and w.state <> 'closed'
     where s.room_id = w.id and s.user_id = u.user_id and s.state in ('waiting', 'admitted')
       and s.seen_at < clock_timestamp() - interval '10 seconds'`;
}

export async function leaveSpot(sql: Sql, eventId: string, userId: string): Promise<boolean> {
  const [row] = await sql<{ left: boolean }[]>`
    select ticketing.leave_waiting_room(${eventId}, ${userId}) as left`;
  return row?.left ?? false;
}

/** Stops or resumes calling people; false when there is no living room, or nothing to change. */
export async function pauseLiving(sql: Sql, eventId: string, paused: boolean): Promise<boolean> {
  const rows = await sql`
    update ticketing.waiting_rooms set paused_at = case when ${paused}::boolean then clock_timestamp() end, version = version + 1
     where event_id = ${eventId} and state <> 'closed' and (paused_at is not null) <> ${paused}::boolean returning id`;
  return rows.length > 0;
}

/** Rooms that should be there and are not yet; the events they were made for. */
export async function prepareRooms(sql: Sql): Promise<string[]> {
  const rows = await sql<{ event_id: string }[]>`select event_id from ticketing.prepare_waiting_rooms() event_id`;
  return rows.map((row) => row.event_id);
}

export async function listLiving(sql: Sql): Promise<{ id: string; eventId: string }[]> {
  return sql<{ id: string; eventId: string }[]>`
    select id, event_id as "eventId" from ticketing.waiting_rooms where state <> 'closed' order by stepped_at limit 1000`;
}

/** There must be a beginning: so many may come a second until a minute of checkouts can be measured. */
const START_PER_SECOND = 10;

export type StepOutcome = 'closed' | 'gathering' | 'moved' | 'still' | null;

/** @param startPerSecond admissions a second while nothing is measured yet */
export async function stepRoom(sql: Sql, roomId: string, startPerSecond = START_PER_SECOND): Promise<StepOutcome> {
  const [row] = await sql<{ outcome: StepOutcome }[]>`
    select ticketing.step_waiting_room(${roomId}, ${startPerSecond}::float8) as outcome`;
  return row?.outcome ?? null;
}

/** Says how hard this process is pressed; true when the event's room opened by it. */
export async function reportPressure(
  sql: Sql,
  eventId: string,
  node: string,
  pressure: { requestsPerSecond: number; drainPerSecond: number },
): Promise<boolean> {
  const [row] = await sql<{ opened: boolean }[]>`
    select ticketing.report_hold_pressure(${eventId}, ${node}, ${pressure.requestsPerSecond}::float8, ${pressure.drainPerSecond}::float8) as opened`;
  return row?.opened ?? false;
}

/** Reports of an hour ago tell nothing. */
export async function forgetPressure(sql: Sql): Promise<void> {
  await sql`delete from ticketing.hold_pressure where measured_at < clock_timestamp() - interval '1 hour'`;
}

/** What the caller is to an event's room, in one question. */
export async function readStanding(sql: Sql, eventId: string): Promise<{ sees: boolean; staff: boolean }> {
  const [row] = await sql<{ sees: boolean; staff: boolean }[]>`
    select access.may_see_event(${eventId}::uuid) as sees, access.may(${eventId}::uuid, 'events.see') as staff`;
  return row ?? { sees: false, staff: false };
}

interface SnapshotRow {
  version: number;
  id: string | null;
  state: WaitingRoomSnapshot['state'];
  because: WaitingRoomSnapshot['closedBecause'] | null;
  paused: boolean | null;
  commitment: string | null;
  seed: string | null;
  drawn: number | null;
  served: number | null;
  last: number | null;
  bucket: number;
  gone: [number, number][];
  waiting: number | null;
  pace: number | null;
  sale: RoomSale['state'];
  free: number | null;
  in_checkout: number | null;
  opens_at: number | null;
  staff: RoomCounts | null;
}

/**
 * The room as everybody is told, and its version, in one statement. The sale is what `public_availability` allows: a sum
 * is said only where each of its parts is public. Null for events that are not there.
 */
export async function readRoomSnapshot(
  sql: Sql,
  eventId: string,
  forStaff: boolean,
): Promise<{ version: number; data: WaitingRoomSnapshot } | null> {
  const [row] = await sql<SnapshotRow[]>`
    with w as (
      select *, greatest(64, power(2, ceil(log(2, greatest(1, drawn))))::int / 64) as bucket
        from ticketing.waiting_rooms where event_id = ${eventId} order by created_at desc limit 1
    ), sale as (
      select case when bool_or(p.state = 'on_sale') then 'on_sale' when bool_or(p.state = 'all_in_checkout') then 'all_in_checkout'
                  when bool_or(p.state = 'paused') then 'paused' when bool_or(p.state = 'not_yet') then 'not_yet'
                  when bool_or(p.state = 'sold_out') then 'sold_out' else 'closed' end as state,
             -- A full tier is told as full by its state, whatever the display.
             case when bool_and(p.free is not null) filter (where p.state = 'on_sale') and bool_or(p.in_checkout is not null)
                  then (sum(p.free) filter (where p.state = 'on_sale'))::int end as free_exact,
             case when bool_and(p.in_checkout is not null) then (sum(p.in_checkout) filter (where p.state in ('on_sale', 'all_in_checkout')))::int end as in_checkout,
             (extract(epoch from min(p.opens_at) filter (where p.state = 'not_yet')) * 1000)::float8 as opens_at
        from ticketing.public_availability(array[${eventId}::uuid]) p
    ), v as (
      select sum(t.version) as versions,
             sum(coalesce((t.sales_start <= clock_timestamp())::int, 0) + coalesce((t.sales_end <= clock_timestamp())::int, 0)) as passed
        from ticketing.ticket_tiers t where t.event_id = ${eventId}
    ), rooms as (select coalesce(sum(version), 0) as versions from ticketing.waiting_rooms where event_id = ${eventId})
    select (public.version_epoch() + (e.version + coalesce(v.versions, 0) + rooms.versions) * 64 + least(63, coalesce(v.passed, 0)))::float8 as version,
           w.id, coalesce(w.state, 'none') as state, w.closed_because as because, w.paused_at is not null as paused, w.commitment,
           case when w.drawn_at is not null then encode(w.seed, 'hex') end as seed, w.drawn, w.served, w.last_number as last,
           coalesce(w.bucket, 64) as bucket, w.waiting, w.pace,
           coalesce((select jsonb_agg(jsonb_build_array(g.n, g.count) order by g.n) from (
             select (s.number - 1) / w.bucket as n, count(*) as count from ticketing.waiting_spots s
              where s.room_id = w.id and s.state = 'left' and s.number > w.served and s.number <= (w.served / w.bucket + 64) * w.bucket
              group by 1) g), '[]') as gone,
           sale.state as sale, coalesce(sale.free_exact, case when sale.state = 'all_in_checkout' and sale.in_checkout is not null then 0 end) as free,
           sale.in_checkout, sale.opens_at,
           case when ${forStaff}::boolean and w.id is not null then (
             select jsonb_build_object('admitted', count(*) filter (where s.state = 'admitted'), 'held', count(*) filter (where s.state = 'held'),
                      'left', count(*) filter (where s.state = 'left'), 'missed', count(*) filter (where s.state = 'missed'),
                      'lapsed', count(*) filter (where s.state = 'lapsed'),
                      'admittedLastMinute', count(*) filter (where s.admitted_at > clock_timestamp() - interval '1 minute'))
               from ticketing.waiting_spots s where s.room_id = w.id) end as staff
      from events.events e cross join sale cross join v cross join rooms left join w on true
     where e.id = ${eventId} and e.deleted_at is null`;
  if (!row) return null;
  return { version: row.version, data: toSnapshot(row) };
}

function toSnapshot(row: SnapshotRow): WaitingRoomSnapshot {
  return {
    roomId: row.id,
    state: row.state,
    ...(row.because ? { closedBecause: row.because } : {}),
    paused: row.paused ?? false,
    ...(row.commitment ? { commitment: row.commitment } : {}),
    ...(row.seed ? { seed: row.seed } : {}),
    drawn: row.drawn ?? 0,
    served: row.served ?? 0,
    last: row.last ?? 0,
    bucket: row.bucket,
    gone: row.gone,
    waiting: row.waiting ?? 0,
    perMinute: row.pace === null ? null : Math.round(row.pace * 600) / 10,
    sale: {
      state: row.sale,
      ...(row.free === null ? {} : { free: row.free }),
      ...(row.in_checkout === null ? {} : { inCheckout: row.in_checkout }),
      ...(row.opens_at === null ? {} : { opensAt: row.opens_at }),
    },
    ...(row.staff ? { staff: row.staff } : {}),
  };
}

/** A finished draw: its room's facts, and the spots in the order drawn. Null before it, and for rooms that are not there. */
export async function readDraw(
  sql: Sql,
  roomId: string,
): Promise<{ eventId: string; commitment: string; seed: string; drawnAt: Date; spots: string[] } | null> {
  const [row] = await sql<
    { event_id: string; commitment: string; seed: string; drawn_at: Date | string; spots: string[] }[]
  >`
    select w.event_id, w.commitment, encode(w.seed, 'hex') as seed, w.drawn_at,
           array(select s.id::text from ticketing.waiting_spots s where s.room_id = w.id and s.number <= w.drawn order by s.number) as spots
      from ticketing.waiting_rooms w where w.id = ${roomId} and w.drawn_at is not null`;
  if (!row) return null;
  return {
    eventId: row.event_id,
    commitment: row.commitment,
    seed: row.seed,
    drawnAt: new Date(row.drawn_at),
    spots: row.spots,
  };
}

/** A guest's living spots become the account's; the events whose rooms moved. A transaction of its own. */
export async function moveLivingSpots(sql: Sql, from: string, to: string): Promise<string[]> {
  const rows = await sql<{ event_id: string }[]>`
    select event_id from ticketing.move_waiting_spots(${from}, ${to}) event_id`;
  return rows.map((row) => row.event_id);
}
