import type { OrgRole } from '@liventix/contracts/organizations';

/** Roles as mails name them. */
export const ROLE_WORDS: Record<OrgRole, { label: string; words: string }> = {
  owner: { label: 'owner', words: 'Owners can do everything, money and team included.' },
  admin: { label: 'admin', words: 'Admins run events, orders, refunds and the team.' },
  editor: { label: 'editor', words: 'Editors make events and tickets and write posts.' },
  scanner: { label: 'scanner', words: 'Scanners admit people at the door.' },
  viewer: { label: 'viewer', words: 'Viewers see events and totals.' },
};
