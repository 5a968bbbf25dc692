import type { EventReports, OpenReports } from '@liventix/contracts/feed';
import { roleAllows } from '@liventix/contracts/organizations';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { findStaff } from '../organizations/require-role.ts';
import { countReports, listReports } from './feed.sql.ts';

/** Different words that are shown of one thing; the count says how many people there are. */
const REASONS_MAX = 5;

interface Shown {
  id: string;
  hiddenReason: string | null;
}

/**
 * What people told the team about these posts and comments, by id. The caller of this has asked whether the reader may
 * moderate them: reports name nobody, and still are no business of anybody else. What is hidden was decided.
 */
export async function readReports(
  ctx: Ctx,
  posts: readonly Shown[],
  comments: readonly Shown[],
): Promise<Map<string, OpenReports>> {
  const ids = (shown: readonly Shown[]) => shown.filter((each) => each.hiddenReason === null).map((each) => each.id);
  const rows = await listReports(ctx.db.engine.sql, ids(posts), ids(comments), REASONS_MAX);
  return new Map(rows.map(({ id, count, reasons }) => [id, { count, reasons }]));
}

/** Whether the reader's role at this event may hide posts and comments. */
export async function mayModerate(ctx: Ctx, eventId: string): Promise<boolean> {
  const staff = await findStaff(ctx, eventId);
  return staff !== null && roleAllows(staff.role, 'posts');
}

/**
 * How much of an event waits for a decision, for its health page. Null for the team's roles that don't moderate; NOT_FOUND
 * for strangers.
 */
export async function readEventReports(ctx: Ctx, { eventId }: { eventId: string }): Promise<EventReports | null> {
  const staff = await findStaff(ctx, eventId);
  if (!staff) fail('NOT_FOUND');
  return roleAllows(staff.role, 'posts') ? countReports(ctx.db.engine.sql, eventId) : null;
}
