import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { EventCard } from '~/features/events/event-card.tsx';
import { useDiscoverWords } from '~/platform/i18n/discover.ts';
import words from '~/platform/i18n/en/discover.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { pageMeta } from '~/platform/seo.tsx';
import { ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Page } from '~/ui/page/page.tsx';
import { PosterWall } from '~/ui/poster/poster-wall.tsx';

export async function loader({ context }: LoaderFunctionArgs) {
  return { ...(await load(context.api.events.saved())), origin: context.origin };
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta({ title: words.saved.title, origin: data?.origin ?? '', path: '/saved', noindex: true });

export default function Saved() {
  const { events } = useLoaderData<typeof loader>();
  const { t } = useDiscoverWords();
  const { actor } = useRoot();
  return (
    <Page>
      <h1 className="t-page" style={{ marginBlock: 'var(--s-4) var(--s-5)' }}>
        {t('saved.title')}
      </h1>
      {events.length > 0 && (!actor || actor.isAnonymous) && (
        <p className="t-small ink-2" style={{ marginBlockEnd: 'var(--s-5)' }}>
          <Link to={paths.signIn(paths.saved())} className="link">
            {t('saved.guest')}
          </Link>
        </p>
      )}
      {events.length === 0 ? (
        <EmptyState motif="moon" action={<ButtonLink to={paths.discover()}>{t('saved.action')}</ButtonLink>}>
          {t('saved.empty')}
        </EmptyState>
      ) : (
        <PosterWall>
          {events.map((card, index) => (
            <EventCard key={card.id} card={card} heading={2} live={index < 20} />
          ))}
        </PosterWall>
      )}
    </Page>
  );
}
