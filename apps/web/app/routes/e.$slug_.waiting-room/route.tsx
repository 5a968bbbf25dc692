import { EventSlug } from '@liventix/contracts/events';
import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { WaitingRoomPage } from '~/features/waiting-room/waiting-room-page.tsx';
import words from '~/platform/i18n/en/waiting-room.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

function slugOf(params: { slug?: string | undefined }): string {
  const slug = EventSlug.safeParse(params);
  if (!slug.success) throw data({ code: 'NOT_FOUND', words: null, reference: null }, { status: 404 });
  return slug.data.slug;
}

export async function loader({ params, context }: LoaderFunctionArgs) {
  const slug = slugOf(params);
  const event = await load(context.api.events.bySlug({ slug }));
  const { version, room, spot } = await load(context.api.waitingRoom.read({ eventId: event.id }));
  if (room.state === 'none') throw redirect(paths.event(slug), 302);
  return { event, room: { version, data: room }, spot, origin: context.origin };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const slug = slugOf(params);
  const form = await request.formData();
  const event = await load(context.api.events.bySlug({ slug }));
  if (form.get('intent') === 'leave') await load(context.api.waitingRoom.leave({ eventId: event.id }));
  else await load(context.api.waitingRoom.enter({ eventId: event.id }));
  return redirect(paths.waitingRoom(slug), 303);
}

/** Says who stands where: never kept by a cache between. */
export const headers: HeadersFunction = () => ({ 'Cache-Control': 'private, no-store' });

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  if (!data) return [];
  const { event, origin } = data;
  return pageMeta({
    title: words.title.replace('{{title}}', event.title),
    description: words.description.replace('{{title}}', event.title),
    origin,
    path: paths.waitingRoom(event.slug),
    noindex: true,
  });
};

export default function WaitingRoom() {
  const { event, room, spot } = useLoaderData<typeof loader>();
  return <WaitingRoomPage event={event} room={room} spot={spot} />;
}
