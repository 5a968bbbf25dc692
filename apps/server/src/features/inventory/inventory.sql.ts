import type { HoldLine } from '@liventix/contracts/holds';
import type postgres from 'postgres';

/** One checkout that wants places: all of its lines, or none. */
export interface HoldRequest {
  checkoutId: string;
  userId: string;
  lines: readonly HoldLine[];
  /** The person's earlier checkout that this one takes the place of. */
  replaces: string | null;
  /** The network address it is asked from (`addressKeyOf`); null is not counted. */
  addressKey: string | null;
}

/** What `ticketing.reserve_batch` says about a checkout. */
export type HoldOutcome =
  | 'held'
  | 'mismatch'
  | 'ended'
  | 'tier_unknown'
  | 'event_cancelled'
  | 'event_ended'
  | 'closed'
  | 'not_yet'
  | 'paused'
  | 'quantity_invalid'
  | 'replaced_ended'
  | 'has_active'
  | 'person_limit'
  | 'cooling_down'
  | 'sold_out'
  | 'all_in_checkout'
  | 'not_enough'
  | 'address_limit'
  | 'order_too_large'
  | 'price_changed';

export interface HoldAnswer {
  outcome: HoldOutcome;
  detail: Record<string, unknown>;
  /** When places that are held go back, epoch milliseconds of the database's clock; null for every other outcome. */
  expiresAt: number | null;
}

/** Uuids and numbers need no quoting inside an array literal; text travels, so that nothing is described twice. */
const literal = (values: readonly (string | number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** Takes places for whole checkouts in one transaction; answers in the order asked. At most 256 checkouts. */
export async function reserveBatch(sql: postgres.Sql, requests: readonly HoldRequest[]): Promise<HoldAnswer[]> {
  const checkouts: string[] = [];
  const tiers: string[] = [];
  const users: string[] = [];
  const quantities: number[] = [];
  const replaces: (string | null)[] = [];
  const addresses: (string | null)[] = [];
  const seen: (number | null)[] = [];
  let replacing = false;
  let several = false;
  for (const request of requests) {
    if (request.replaces) replacing = true;
    for (const line of request.lines) {
      checkouts.push(request.checkoutId);
      tiers.push(line.tierId);
      if (line.tierId !== tiers[0]) several = true;
      users.push(request.userId);
      quantities.push(line.quantity);
      replaces.push(request.replaces);
      addresses.push(request.addressKey);
      seen.push(line.seenCents ?? null);
    }
  }
  // In a rush everybody is told the same: that is one row, and the places in the batch of those whom it concerns.
  const rows = await sql<
    { ords: number[]; outcome: HoldOutcome; detail: Record<string, unknown> | null; expires: number | null }[]
  >`
    select json_agg(r.ord) as ords, r.outcome, r.detail, (extract(epoch from r.expires_at) * 1000)::bigint::float8 as expires
      from ticketing.reserve_batch(
        ${literal(checkouts)}::text::uuid[], ${literal(several ? tiers : tiers.slice(0, 1))}::text::uuid[], ${literal(users)}::text::uuid[],
        ${literal(quantities)}::text::int[], ${replacing ? literal(replaces) : null}::text::uuid[],
        ${addresses.some(Boolean) ? literal(addresses) : null}::text::bigint[], ${replacing ? literal(seen) : null}::text::bigint[])
        with ordinality r(checkout_id, outcome, expires_at, detail, ord)
     group by r.outcome, r.detail, r.expires_at`;
  const answers: HoldAnswer[] = [];
  let answered = 0;
  for (const { ords, outcome, detail, expires } of rows) {
    const answer = { outcome, detail: detail ?? {}, expiresAt: outcome === 'held' ? expires : null };
    for (const ord of ords) answers[ord - 1] = answer;
    answered += ords.length;
  }
  if (answered !== requests.length || answers.length !== answered)
    throw new Error(`reserve_batch answered ${answered} of ${requests.length} checkouts`);
  return answers;
}

/**
 * What a full tier answers to checkouts of one line each, in the order asked; null for those that `reserveBatch` must
 * decide. Takes no lock. At most 256 checkouts.
 */
export async function readRefusals(
  sql: postgres.Sql,
  tierId: string,
  requests: readonly HoldRequest[],
): Promise<(HoldAnswer | null)[]> {
  const rows = await sql<{ outcome: HoldOutcome | null; detail: Record<string, unknown> | null }[]>`
    select r.outcome, r.detail from ticketing.reserve_refusals(
      ${tierId}, ${literal(requests.map((request) => request.checkoutId))}::text::uuid[],
      ${literal(requests.map((request) => request.userId))}::text::uuid[],
      ${literal(requests.map((request) => request.lines[0]?.quantity ?? 0))}::text::int[]) r`;
  if (rows.length !== requests.length)
    throw new Error(`reserve_refusals answered ${rows.length} of ${requests.length} checkouts`);
  return rows.map(({ outcome, detail }) => outcome && { outcome, detail: detail ?? {}, expiresAt: null });
}

export interface SaleFacts {
  visibility: 'public' | 'unlisted' | 'private';
  /** Whether the public may know how many places are free. */
  showsFree: 'exact' | 'low_only' | 'hidden';
  currency: string;
  /** The tiers on the page: places in all, and what one ticket costs a buyer. */
  tiers: ReadonlyMap<string, { quantity: number; totalCents: number }>;
  /** Whether a waiting room is in front of it: holds need an admission then. */
  waitingRoom: boolean;
}

/** What a hold needs to know of an event beside its stock. Null for events that don't exist. */
export async function readSaleFacts(sql: postgres.Sql, eventId: string): Promise<SaleFacts | null> {
  const [row] = await sql<
    {
      visibility: SaleFacts['visibility'];
      currency: string;
      display: SaleFacts['showsFree'] | null;
      tiers: Record<string, { quantity: number; totalCents: number }>;
      waiting: boolean;
    }[]
  >`
    select e.visibility, trim(e.currency) as currency, e.availability_display as display,
           exists (select from ticketing.waiting_rooms w where w.event_id = e.id and w.state <> 'closed') as waiting,
           coalesce((select jsonb_object_agg(t.id, jsonb_build_object('quantity', t.quantity, 'totalCents', q.total_cents))
                       from ticketing.ticket_tiers t
                      cross join lateral ticketing.quote_of(t.price_cents, e.fee_bps, e.fee_fixed_cents, e.fee_cap_cents, e.fee_paid_by, t.tax_rate_bps, e.tax_included) q
                      where t.event_id = e.id and t.deleted_at is null), '{}') as tiers
      from events.events e where e.id = ${eventId} and e.deleted_at is null and e.status <> 'draft'`;
  if (!row) return null;
  const tiers = new Map(Object.entries(row.tiers));
  const quantity = [...tiers.values()].reduce((sum, each) => sum + each.quantity, 0);
  return {
    visibility: row.visibility,
    currency: row.currency,
    showsFree: row.display ?? (quantity < 500 ? 'exact' : 'low_only'),
    tiers,
    waitingRoom: row.waiting,
  };
}
