import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TeamPage } from '~/features/organizations/team-page.tsx';
import { load } from '~/platform/loading.ts';
import { pageMeta } from '~/platform/seo.tsx';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function loader({ params, context }: LoaderFunctionArgs) {
  const orgId = params.orgId ?? '';
  if (!UUID.test(orgId)) throw new Response(null, { status: 404 });
  return { team: await load(context.api.organizations.members({ orgId })), origin: context.origin };
}

export const meta: MetaFunction<typeof loader> = ({ data, location }) =>
  pageMeta({
    title: data?.team.organization.name ?? 'Team',
    origin: data?.origin ?? '',
    path: location.pathname,
    noindex: true,
  });

export default function OrganizerTeam() {
  const { team } = useLoaderData<typeof loader>();
  return <TeamPage key={team.organization.id} initial={team} />;
}
