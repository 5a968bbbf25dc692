import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { EventEditor } from '~/features/organizer/event-editor.tsx';
import { zoneOptions } from '~/features/organizer/zones.rules.ts';
import { load } from '~/platform/loading.ts';

export async function loader({ params, context }: LoaderFunctionArgs) {
  const event = await load(context.api.organizer.event({ eventId: params.eventId ?? '' }));
  return { event, zones: zoneOptions(Date.now(), event.timeZone) };
}

export default function OrganizerEdit() {
  const { event, zones } = useLoaderData<typeof loader>();
  return <EventEditor key={event.id} initial={event} zones={zones} />;
}
