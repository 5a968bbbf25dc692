import { roleAllows } from '@liventix/contracts/organizations';
import type { OverviewView } from '@liventix/contracts/organizer';
import type { PersonCtx } from '../../platform/trpc.ts';
import { posterSpecOf, posterVersionOf } from '../events/events.rules.ts';
import { listOrganizations } from '../organizations/create-organization.ts';
import { listEventsOf } from './organizer.sql.ts';

/** Everything the caller runs: her own events and those of her organizations, with their figures now. */
export async function readOverview(ctx: PersonCtx): Promise<OverviewView> {
  const [rows, organizations] = await Promise.all([
    listEventsOf(ctx.db.engine.sql, ctx.actor.userId),
    listOrganizations(ctx),
  ]);
  return {
    organizations,
    events: rows.map(({ organizationId, organizationName, grossCents, poster, coverImageUrl, category, ...row }) => {
      const facts = { ...row, poster, coverImageUrl, category };
      return {
        ...row,
        palette: posterSpecOf(facts).palette,
        posterVersion: posterVersionOf(facts),
        organization: organizationId ? { id: organizationId, name: organizationName ?? '' } : null,
        ...(roleAllows(row.role, 'totals') ? { grossCents } : {}),
      };
    }),
  };
}
