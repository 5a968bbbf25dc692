import { InvitationToken } from '@liventix/contracts/organizations';
import type { AppLoadContext } from '@remix-run/node';

/**
 * The address of the invitation that a visitor came from, to stand in the form already; null without one. It is read by
 * the invitation's secret, so that no address travels in a link.
 */
export async function invitedAddress({ api }: AppLoadContext, to: string | null): Promise<string | null> {
  const asked = InvitationToken.safeParse({ token: to?.match(/^\/organizer\/invite\/([\w-]+)$/)?.[1] });
  if (!asked.success) return null;
  // A used or expired invitation has a page of its own; here it only leaves the field empty.
  const invitation = await api.organizations.invitation(asked.data).catch(() => null);
  return invitation?.email ?? null;
}
