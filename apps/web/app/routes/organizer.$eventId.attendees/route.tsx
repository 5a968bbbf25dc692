import { ListAttendees } from '@liventix/contracts/organizer';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { AttendeesList } from '~/features/organizer/attendees-list.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const asked = ListAttendees.safeParse({
    eventId: params.eventId,
    q: new URL(request.url).searchParams.get('q') ?? '',
  });
  return {
    view: await load(context.api.organizer.attendees(asked.success ? asked.data : { eventId: params.eventId ?? '' })),
  };
}

export default function OrganizerAttendees() {
  const { view } = useLoaderData<typeof loader>();
  return <AttendeesList view={view} />;
}
