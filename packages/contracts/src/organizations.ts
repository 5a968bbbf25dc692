/**
 * Organizations, their teams, and what a role may do. The table of permissions stands in SQL too
 * (`access.role_allows`); a test holds the two together.
 */
import * as z from 'zod/mini';
import { Edition } from './editions.ts';
import { Email } from './email.ts';
import { PALETTE_NAMES, type PaletteName } from './posters.ts';
import { line, plainLine, text } from './text.ts';

export const ORG_ROLES = ['owner', 'admin', 'editor', 'scanner', 'viewer'] as const;
export type OrgRole = (typeof ORG_ROLES)[number];
export const Role = z.enum(ORG_ROLES);

const ALLOWED = {
  events: ['owner', 'admin', 'editor'],
  'events.see': ['owner', 'admin', 'editor', 'viewer'],
  money: ['owner'],
  'money.see': ['owner', 'admin'],
  totals: ['owner', 'admin', 'viewer'],
  orders: ['owner', 'admin'],
  'orders.names': ['owner', 'admin', 'editor'],
  refunds: ['owner', 'admin'],
  admit: ['owner', 'admin', 'editor', 'scanner'],
  posts: ['owner', 'admin', 'editor'],
  team: ['owner', 'admin'],
  'team.owners': ['owner'],
} as const satisfies Record<string, readonly OrgRole[]>;

export type Permission = keyof typeof ALLOWED;
export const PERMISSIONS = Object.keys(ALLOWED) as Permission[];

/** Whether a role may (docs/domain.md, "Access"). */
export function roleAllows(role: OrgRole, permission: Permission): boolean {
  return (ALLOWED[permission] as readonly OrgRole[]).includes(role);
}

export function permissionsOf(role: OrgRole): Permission[] {
  return PERMISSIONS.filter((permission) => roleAllows(role, permission));
}

const Name = plainLine(80, 2);
const City = line(80);
const About = text(2000).check(z.trim());

export const CreateOrganization = z.object({ name: Name, city: z.optional(City), description: z.optional(About) });
export type CreateOrganization = z.infer<typeof CreateOrganization>;

export const OrganizationRef = z.object({ orgId: z.uuid() });
export type OrganizationRef = z.infer<typeof OrganizationRef>;

export const UpdateOrganization = z.object({
  orgId: z.uuid(),
  edition: Edition,
  name: z.optional(Name),
  city: z.optional(City),
  description: z.optional(About),
  palette: z.optional(z.enum(PALETTE_NAMES)),
  /** Whom buyers' replies reach: a member who has confirmed her address. Null: whoever runs the site. */
  contactUserId: z.optional(z.nullable(z.uuid())),
  /** What new events start with; owners only. */
  fees: z.optional(
    z.object({
      feeBps: z.int().check(z.minimum(0), z.maximum(5000)),
      feeFixedCents: z.int().check(z.minimum(0), z.maximum(100_000)),
      feeCapCents: z.nullable(z.int().check(z.minimum(0), z.maximum(1_000_000))),
      feePaidBy: z.enum(['buyer', 'organizer']),
    }),
  ),
});
export type UpdateOrganization = z.infer<typeof UpdateOrganization>;

export const InviteMember = z.object({ orgId: z.uuid(), email: Email, role: Role });
export type InviteMember = z.infer<typeof InviteMember>;

export const WithdrawInvitation = z.object({ orgId: z.uuid(), invitationId: z.uuid() });
export type WithdrawInvitation = z.infer<typeof WithdrawInvitation>;

/** 256 bits as base64url. */
export const InvitationToken = z.object({ token: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)) });
export type InvitationToken = z.infer<typeof InvitationToken>;

export const SetRole = z.object({ orgId: z.uuid(), userId: z.uuid(), role: Role });
export type SetRole = z.infer<typeof SetRole>;

export const RemoveMember = z.object({ orgId: z.uuid(), userId: z.uuid() });
export type RemoveMember = z.infer<typeof RemoveMember>;

/** A host: an organization, or a person who hosts by herself. */
export const FollowHost = z.object({ type: z.enum(['user', 'organization']), id: z.uuid() });
export type FollowHost = z.infer<typeof FollowHost>;

export interface FollowView {
  following: boolean;
  followers: number;
}

export interface OrganizationSummary {
  id: string;
  slug: string;
  name: string;
  city: string | null;
  palette: PaletteName;
  role: OrgRole;
  members: number;
}

export interface MemberView {
  userId: string;
  name: string;
  /** Only for those who run the team. */
  email?: string;
  /** Her address is confirmed; only for those who run the team. */
  reachable?: boolean;
  role: OrgRole;
  since: Date;
  you: boolean;
}

export interface InvitationLine {
  id: string;
  email: string;
  role: OrgRole;
  expiresAt: Date;
  expired: boolean;
}

export interface TeamView {
  organization: OrganizationSummary & {
    description: string;
    edition: number;
    /** Whom buyers' replies reach; only for those who run the team. */
    contactUserId?: string | null;
    /** Only for owners. */
    fees?: { feeBps: number; feeFixedCents: number; feeCapCents: number | null; feePaidBy: 'buyer' | 'organizer' };
  };
  members: MemberView[];
  /** Only for those who run the team. */
  invitations: InvitationLine[];
}

/** What a mailed invitation says before it is accepted. */
export interface InvitationView {
  organizationId: string;
  organizationName: string;
  palette: PaletteName;
  inviterName: string;
  role: OrgRole;
  /** The mailbox it was sent to. */
  email: string;
  /** The caller is signed in with that mailbox, or null for strangers. */
  forYou: boolean | null;
  /** It is for the caller, who has not confirmed that mailbox yet: joining has to wait for it. */
  unproven: boolean;
}
