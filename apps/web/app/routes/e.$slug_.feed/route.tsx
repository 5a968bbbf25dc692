import { EventSlug } from '@liventix/contracts/events';
import { ListPosts } from '@liventix/contracts/feed';
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import styles from '~/features/feed/event-feed.module.css';
import { EventPosts } from '~/features/feed/event-feed.tsx';
import { feedPaths } from '~/features/feed/feed-paths.ts';
import words from '~/platform/i18n/en/feed.json';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';
import { Page } from '~/ui/page/page.tsx';

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const slug = EventSlug.safeParse(params);
  if (!slug.success) throw data({ code: 'NOT_FOUND', words: null, reference: null }, { status: 404 });
  const event = await load(context.api.events.bySlug(slug.data));
  const asked = ListPosts.safeParse({
    eventId: event.id,
    cursor: new URL(request.url).searchParams.get('cursor') ?? undefined,
  });
  const feed = await load(context.api.feed.posts(asked.success ? asked.data : { eventId: event.id }));
  const { id, title, palette, posterVersion, visibility, status } = event;
  return {
    feed,
    event: {
      id,
      slug: slug.data.slug,
      title,
      palette,
      posterVersion,
      open: visibility === 'public' && status !== 'draft',
    },
    origin: context.origin,
  };
}

export const headers: HeadersFunction = () => ({ 'Cache-Control': 'private, no-cache' });

export const meta: MetaFunction<typeof loader> = ({ data: found }) =>
  found
    ? pageMeta({
        title: `${words.section}: ${found.event.title}`,
        description: words.event_lead.replace('{{title}}', found.event.title),
        origin: found.origin,
        path: feedPaths.event(found.event.slug),
        image: paths.shareImage(found.event.id),
        noindex: !found.event.open,
      })
    : [];

export default function AllPosts() {
  const { t } = useFeedWords();
  const { feed, event } = useLoaderData<typeof loader>();
  return (
    <Page width="feed">
      <header className={styles.head}>
        <Link to={paths.event(event.slug)} className={styles.eventLine} prefetch="intent">
          <img src={paths.poster(event.id, 270, event.posterVersion)} alt="" width={48} height={60} />
          <span>
            {event.title}
            <small>{t('back_to_event')}</small>
          </span>
        </Link>
        <h1 className="t-page">{t('section')}</h1>
      </header>
      <EventPosts eventId={event.id} slug={event.slug} title={event.title} palette={event.palette} initial={feed} />
    </Page>
  );
}
