import type { FollowHost, FollowView } from '@liventix/contracts/organizations';
import { fail } from '../../platform/errors.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { countFollowers, deleteFollow, hostExists, writeFollow } from './organizations.sql.ts';

/** Follows a host: their new events and posts come to the caller's feed. Doing it twice is doing it once. */
export async function followHost(ctx: PersonCtx, { type, id }: FollowHost): Promise<FollowView> {
  const { sql } = ctx.db.engine;
  if (!(await hostExists(sql, type, id))) fail('NOT_FOUND');
  await writeFollow(sql, ctx.actor.userId, type, id);
  return { following: true, followers: await countFollowers(sql, type, id) };
}

export async function unfollowHost(ctx: PersonCtx, { type, id }: FollowHost): Promise<FollowView> {
  const { sql } = ctx.db.engine;
  await deleteFollow(sql, ctx.actor.userId, type, id);
  return { following: false, followers: await countFollowers(sql, type, id) };
}
