import {
  CreateOrganization,
  FollowHost,
  InvitationToken,
  InviteMember,
  OrganizationRef,
  RemoveMember,
  SetRole,
  UpdateOrganization,
  WithdrawInvitation,
} from '@liventix/contracts/organizations';
import { accountProcedure, limited, publicProcedure, router } from '../../platform/trpc.ts';
import { acceptInvitation, readInvitation } from './accept-invitation.ts';
import { createOrganization, listOrganizations } from './create-organization.ts';
import { followHost, unfollowHost } from './follow-host.ts';
import { inviteMember, withdrawInvitation } from './invite-member.ts';
import { readTeam } from './read-team.ts';
import { removeMember, setRole } from './set-role.ts';
import { updateOrganization } from './update-organization.ts';

const team = limited({ name: 'organizations.team', points: 60, perSeconds: 60 });
const follow = limited({ name: 'organizations.follow', points: 60, perSeconds: 60 });
const link = limited({ name: 'organizations.link', points: 30, perSeconds: 60, by: 'address' });

/** Hosts, their teams, and who follows them. */
export const organizationsRouter = router({
  mine: accountProcedure.query(({ ctx }) => listOrganizations(ctx)),
  create: accountProcedure
    .use(limited({ name: 'organizations.create', points: 10, perSeconds: 3600 }))
    .input(CreateOrganization)
    .mutation(({ ctx, input }) => createOrganization(ctx, input)),
  update: accountProcedure
    .use(team)
    .input(UpdateOrganization)
    .mutation(({ ctx, input }) => updateOrganization(ctx, input)),
  members: accountProcedure.input(OrganizationRef).query(({ ctx, input }) => readTeam(ctx, input)),
  invite: accountProcedure
    .use(limited({ name: 'organizations.invite', points: 30, perSeconds: 3600 }))
    .input(InviteMember)
    .mutation(({ ctx, input }) => inviteMember(ctx, input)),
  withdrawInvite: accountProcedure
    .use(team)
    .input(WithdrawInvitation)
    .mutation(({ ctx, input }) => withdrawInvitation(ctx, input)),
  invitation: publicProcedure
    .use(link)
    .input(InvitationToken)
    .query(({ ctx, input }) => readInvitation(ctx, input)),
  acceptInvite: accountProcedure
    .use(link)
    .input(InvitationToken)
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
  setRole: accountProcedure
    .use(team)
    .input(SetRole)
    .mutation(({ ctx, input }) => setRole(ctx, input)),
  removeMember: accountProcedure
    .use(team)
    .input(RemoveMember)
    .mutation(({ ctx, input }) => removeMember(ctx, input)),
  follow: accountProcedure
    .use(follow)
    .input(FollowHost)
    .mutation(({ ctx, input }) => followHost(ctx, input)),
  unfollow: accountProcedure
    .use(follow)
    .input(FollowHost)
    .mutation(({ ctx, input }) => unfollowHost(ctx, input)),
});
