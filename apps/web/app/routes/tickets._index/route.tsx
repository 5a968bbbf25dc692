import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { FindForm } from '~/features/tickets/find-form.tsx';
import { withLive } from '~/features/tickets/night.rules.ts';
import { SavePrompt } from '~/features/tickets/save-prompt.tsx';
import { ticketPaths } from '~/features/tickets/ticket-paths.ts';
import styles from '~/features/tickets/tickets.module.css';
import { useOwnTickets } from '~/features/tickets/use-own-tickets.ts';
import { WalletList } from '~/features/tickets/wallet-list.tsx';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page, Section } from '~/ui/page/page.tsx';

export async function loader({ context }: LoaderFunctionArgs) {
  return { wallet: context.actor ? await load(context.api.tickets.mine()) : null };
}

export const meta: MetaFunction = () => [
  { title: 'Your tickets · Liventix' },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function Wallet() {
  const { wallet } = useLoaderData<typeof loader>();
  const { t } = useWalletWords();
  const [params] = useSearchParams();
  const live = useOwnTickets();
  const moved = (nights: NonNullable<typeof wallet>['coming']) =>
    nights.map((night) => ({
      ...night,
      tickets: night.tickets.map((ticket) => withLive(ticket, live.get(ticket.id))),
    }));
  const coming = moved(wallet?.coming ?? []);
  const past = moved(wallet?.past ?? []);
  const asked = params.get('order');
  const found = Number(params.get('found') ?? 0);
  const hasAsked = [...coming, ...past].some((night) => night.tickets.some((ticket) => ticket.orderCode === asked));
  const empty = coming.length === 0 && past.length === 0;
  return (
    <Page>
      <div className={styles.head}>
        <h1 className="t-page">{t('title')}</h1>
      </div>
      <div className={styles.stack}>
        {found > 0 && (
          <Notice tone="ok" role="status">
            {t('found', { count: found })}
          </Notice>
        )}
        {asked && !hasAsked && (
          <div className={styles.narrow}>
            <Notice tone="plain" title={t('order_elsewhere.title', { code: asked })}>
              {t('order_elsewhere.words')}
            </Notice>
            <FindForm given={asked} />
          </div>
        )}
        {empty ? (
          <EmptyState motif="moon" action={<ButtonLink to={paths.discover()}>{t('see_events')}</ButtonLink>}>
            {t('empty')}
          </EmptyState>
        ) : (
          <Section title={t('coming')} tight>
            {coming.length > 0 ? <WalletList nights={coming} /> : <p className="ink-2">{t('empty_coming')}</p>}
          </Section>
        )}
        {!empty && <SavePrompt />}
      </div>
      {past.length > 0 && (
        <Section title={t('past')}>
          <WalletList nights={past} past />
        </Section>
      )}
      <p className={styles.lost}>
        {t('lost')}
        <Link className="link" to={ticketPaths.findOrder()}>
          {t('find')}
        </Link>
      </p>
    </Page>
  );
}
