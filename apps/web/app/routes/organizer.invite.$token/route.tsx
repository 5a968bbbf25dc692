import { InvitationToken, type InvitationView } from '@liventix/contracts/organizations';
import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { isRouteErrorResponse, useActionData, useLoaderData } from '@remix-run/react';
import { callAuth } from '~/features/accounts/call-auth.server.ts';
import { InvitePage } from '~/features/organizations/invite-page.tsx';
import { organizerPaths } from '~/features/organizer/organizer-paths.ts';
import words from '~/platform/i18n/en/organizer.json';
import { load } from '~/platform/loading.ts';
import { pageMeta } from '~/platform/seo.tsx';

export async function loader({ params, context }: LoaderFunctionArgs) {
  const asked = InvitationToken.safeParse(params);
  let invitation: InvitationView | null = null;
  if (asked.success) {
    invitation = await load(context.api.organizations.invitation(asked.data)).catch((thrown: unknown) => {
      const status = isRouteErrorResponse(thrown)
        ? thrown.status
        : (thrown as { init?: { status?: number } | null }).init?.status;
      // Used, taken back or too old has a page of its own, which says what to do.
      if (status === 410) return null;
      throw thrown;
    });
  }
  return { invitation, origin: context.origin };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  if ((await request.formData()).get('form') === 'prove') {
    const asked = await callAuth(context, '/send-verification-email', { email: context.actor?.email ?? '' });
    return asked.ok ? { sent: true as const } : { sent: false as const, words: words.errors.any };
  }
  const joined = await load(context.api.organizations.acceptInvite({ token: params.token ?? '' }));
  throw redirect(organizerPaths.team(joined.id), 303);
}

export const meta: MetaFunction<typeof loader> = ({ data, location }) =>
  pageMeta({
    title: data?.invitation
      ? words.invite.heading.replace('{{org}}', data.invitation.organizationName)
      : words.team.heading,
    origin: data?.origin ?? '',
    path: location.pathname,
    noindex: true,
  });

export default function OrganizerInvite() {
  const { invitation } = useLoaderData<typeof loader>();
  return <InvitePage invitation={invitation} asked={useActionData<typeof action>()} />;
}
