import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { type ShouldRevalidateFunction, useLoaderData } from '@remix-run/react';
import { EventShell } from '~/features/organizer/event-shell.tsx';
import { load } from '~/platform/loading.ts';
import { pageMeta } from '~/platform/seo.tsx';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function loader({ params, context }: LoaderFunctionArgs) {
  const eventId = params.eventId ?? '';
  if (!UUID.test(eventId)) throw new Response(null, { status: 404 });
  return { dashboard: await load(context.api.organizer.dashboard({ eventId })), origin: context.origin };
}

// What moves comes from the staff room; going from page to page asks for nothing again.
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentParams,
  nextParams,
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
}) =>
  currentParams.eventId !== nextParams.eventId ||
  (currentUrl.pathname === nextUrl.pathname && currentUrl.search === nextUrl.search && defaultShouldRevalidate);

export const meta: MetaFunction<typeof loader> = ({ data, location }) =>
  pageMeta({
    title: data?.dashboard.event.title ?? 'Organize',
    origin: data?.origin ?? '',
    path: location.pathname,
    noindex: true,
  });

export default function OrganizerEvent() {
  const { dashboard } = useLoaderData<typeof loader>();
  return <EventShell key={dashboard.event.id} dashboard={dashboard} />;
}
