import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { EventEditor } from '~/features/organizer/event-editor.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ params, context }: LoaderFunctionArgs) {
  return {
    event: await load(context.api.organizer.event({ eventId: params.eventId ?? '' })),
    zones: Intl.supportedValuesOf('timeZone'),
  };
}

export default function OrganizerEdit() {
  const { event, zones } = useLoaderData<typeof loader>();
  return <EventEditor key={event.id} initial={event} zones={zones} />;
}
