import type postgres from 'postgres';

/**
 * What a person gets of a table when she asks for her data. Rows are hers, or somebody else's that she only acted on: of
 * those she gets that she did it and when, nothing of the other person.
 */
interface PersonalRows {
  /** SQL: rows that are hers, `$1` her id. */
  hers?: string;
  /** Columns of her own rows that stay out: secrets, and the ids of other people. */
  without?: readonly string[];
  /** Rows that she acted on: which, and the columns that say what she did. */
  actedOn?: { where: string; columns: readonly string[] };
}

/**
 * Every table that holds something of a person. A test compares this list with the catalogue: a new table with a
 * reference to auth.users must be added here. Another test wants no id of another person in any export.
 */
export const PERSONAL_TABLES: Record<string, PersonalRows> = {
  'public.profiles': { hers: 'id = $1' },
  'organizations.org_memberships': { hers: 'user_id = $1' },
  'organizations.org_invitations': {
    actedOn: { where: 'invited_by = $1', columns: ['id', 'org_id', 'role', 'created_at'] },
  },
  'organizations.role_notices': { hers: 'user_id = $1' },
  'events.events': {
    hers: "owner_context_type = 'user' and owner_context_id = $1",
    actedOn: { where: 'created_by = $1', columns: ['id', 'created_at'] },
  },
  'events.saved_events': { hers: 'user_id = $1' },
  'events.event_alerts': { hers: 'user_id = $1' },
  'ticketing.ticket_holds': { hers: 'user_id = $1' },
  'ticketing.hold_lapses': { hers: 'user_id = $1' },
  'ticketing.waiting_spots': { hers: 'user_id = $1' },
  'ticketing.orders': { hers: 'user_id = $1', without: ['claimed_from'] },
  'ticketing.order_items': { hers: 'order_id in (select id from ticketing.orders where user_id = $1)' },
  // The signed code of a ticket is given to its owner by the wallet; an exported file travels, so it carries neither half.
  'ticketing.tickets': {
    hers: 'owner_user_id = $1',
    without: ['qr_code', 'redeemed_by'],
    actedOn: { where: 'redeemed_by = $1', columns: ['id', 'event_id', 'redeemed_at', 'gate'] },
  },
  'ticketing.ticket_events': {
    hers: 'from_user_id = $1 or to_user_id = $1',
    without: ['from_user_id', 'to_user_id', 'actor_user_id', 'detail'],
    actedOn: { where: 'actor_user_id = $1', columns: ['id', 'kind', 'created_at'] },
  },
  'ticketing.refunds': {
    hers: 'order_id in (select id from ticketing.orders where user_id = $1)',
    without: ['initiated_by', 'note'],
    actedOn: { where: 'initiated_by = $1', columns: ['id', 'event_id', 'created_at'] },
  },
  'ticketing.disputes': {
    hers: 'order_id in (select id from ticketing.orders where user_id = $1)',
    without: ['provider_dispute_id', 'respond_by'],
  },
  'social.event_posts': {
    hers: 'author_user_id = $1',
    without: ['hidden_by'],
    actedOn: { where: 'hidden_by = $1', columns: ['id', 'event_id', 'hidden_at', 'hidden_reason'] },
  },
  'social.event_reactions': { hers: 'user_id = $1' },
  'social.post_reports': { hers: 'reporter_user_id = $1' },
  'social.follows': { hers: 'user_id = $1' },
  'social.uploads': { hers: 'user_id = $1' },
  'analytics.scan_logs': {
    actedOn: { where: 'scanned_by = $1', columns: ['id', 'event_id', 'outcome', 'gate', 'created_at'] },
  },
  'analytics.user_actions': { hers: 'user_id = $1' },
};

const ROWS_A_TABLE = 10_000;

/** Everything the tables of the trade hold about a person, by table. At most 10,000 rows a table of each kind. */
export async function collectPersonalData(
  sql: postgres.TransactionSql,
  userId: string,
): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  const read = async (row: string, from: string, where: string, columns: readonly string[]) => {
    const rows = await sql.unsafe<{ row: Record<string, unknown> }[]>(
      `select ${row} as row from ${from} t where ${where} limit ${ROWS_A_TABLE}`,
      [userId, columns as string[]],
    );
    return rows.map((each) => each.row);
  };
  for (const [table, { hers, without = [], actedOn }] of Object.entries(PERSONAL_TABLES)) {
    if (hers) found[table] = await read('to_jsonb(t) - $2::text[]', table, hers, without);
    if (!actedOn) continue;
    const others = hers ? `(${actedOn.where}) and (${hers}) is not true` : actedOn.where;
    const picked = `(select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(t)) where key = any ($2::text[]))`;
    found[hers ? `${table} (acted on)` : table] = await read(picked, table, others, actedOn.columns);
  }
  return found;
}
