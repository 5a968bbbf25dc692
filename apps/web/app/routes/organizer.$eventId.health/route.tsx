import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { HealthPage } from '~/features/organizer/health-page.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ params, context }: LoaderFunctionArgs) {
  const event = { eventId: params.eventId ?? '' };
  const [health, reports] = await load(
    Promise.all([context.api.organizer.health(event), context.api.feed.reports(event)]),
  );
  return { health, reports };
}

export default function OrganizerHealth() {
  const { health, reports } = useLoaderData<typeof loader>();
  return <HealthPage initial={health} reports={reports} />;
}
