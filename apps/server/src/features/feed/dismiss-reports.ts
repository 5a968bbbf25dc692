import type { DismissReports } from '@liventix/contracts/feed';
import type { PersonCtx } from '../../platform/trpc.ts';
import { requireRole } from '../organizations/require-role.ts';
import { resolveReports } from './feed.sql.ts';
import { findThing } from './find-post.ts';

/**
 * The team has looked at a post or a comment and leaves it: what was reported until now is set aside. Takes a role that
 * may hide it. Who reported it once is not heard about it again; somebody else is.
 */
export async function dismissReports(ctx: PersonCtx, input: DismissReports): Promise<{ dismissed: true }> {
  const thing = await findThing(ctx, input);
  await requireRole(ctx, thing.eventId, 'posts');
  await ctx.write((_tx, sql) => resolveReports(sql, thing));
  return { dismissed: true };
}
