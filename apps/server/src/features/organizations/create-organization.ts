import { randomBytes } from 'node:crypto';
import type { CreateOrganization, OrganizationSummary } from '@liventix/contracts/organizations';
import { PALETTE_NAMES, posterSeed } from '@liventix/contracts/posters';
import slugify from '@sindresorhus/slugify';
import { constraintOf } from '../../platform/errors.ts';
import { requireLiving } from '../../platform/standing.ts';
import type { PersonCtx } from '../../platform/trpc.ts';
import { insertOrganization, listOrganizationsOf } from './organizations.sql.ts';

/** Founds an organization; whoever founds it owns it. Its address is its name, with letters of its own where that is taken. */
export async function createOrganization(ctx: PersonCtx, input: CreateOrganization): Promise<OrganizationSummary> {
  const { userId } = ctx.actor;
  const stem = slugify(input.name).slice(0, 60);
  const palette = PALETTE_NAMES[posterSeed(input.name) % PALETTE_NAMES.length] ?? PALETTE_NAMES[0];
  let id = '';
  for (let turn = 1; !id; turn++) {
    const slug = turn === 1 && stem ? stem : `${stem || 'host'}-${randomBytes(4).toString('hex')}`;
    try {
      id = await ctx.write(async (_tx, sql) => {
        await requireLiving(sql, ctx.actor);
        return insertOrganization(sql, {
          name: input.name,
          slug,
          city: input.city || null,
          description: input.description ?? '',
          palette,
          ownerId: userId,
        });
      });
    } catch (err) {
      if (constraintOf(err) !== 'organizations_slug_key' || turn >= 5) throw err;
    }
  }
  ctx.live.recheckPerson(userId);
  const mine = await listOrganizationsOf(ctx.db.engine.sql, userId);
  const made = mine.find((each) => each.id === id);
  return (
    made ?? { id, slug: stem || 'host', name: input.name, city: input.city ?? null, palette, role: 'owner', members: 1 }
  );
}

/** Organizations the caller belongs to. */
export function listOrganizations(ctx: PersonCtx): Promise<OrganizationSummary[]> {
  return listOrganizationsOf(ctx.db.engine.sql, ctx.actor.userId);
}
