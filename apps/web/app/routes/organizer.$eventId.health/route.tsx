import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { HealthPage } from '~/features/organizer/health-page.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ params, context }: LoaderFunctionArgs) {
  return { health: await load(context.api.organizer.health({ eventId: params.eventId ?? '' })) };
}

export default function OrganizerHealth() {
  const { health } = useLoaderData<typeof loader>();
  return <HealthPage initial={health} />;
}
