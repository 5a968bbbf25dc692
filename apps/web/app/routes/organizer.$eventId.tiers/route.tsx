import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TiersEditor } from '~/features/organizer/tiers-editor.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ params, context }: LoaderFunctionArgs) {
  return { event: await load(context.api.organizer.event({ eventId: params.eventId ?? '' })) };
}

export default function OrganizerTiers() {
  const { event } = useLoaderData<typeof loader>();
  return <TiersEditor key={event.id} event={event} initial={event.tiers} />;
}
