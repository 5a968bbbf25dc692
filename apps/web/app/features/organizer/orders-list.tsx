import { ORDER_FILTERS, type OrdersView, type OrganizerOrderLine } from '@liventix/contracts/organizer';
import { Link, useOutletContext, useRevalidator, useSearchParams } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { formatDate, formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { paths } from '~/platform/paths.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import type { EventShellContext } from './event-shell.tsx';
import { ListSearch } from './list-search.tsx';
import styles from './lists.module.css';
import { newSince, orderState } from './orders.rules.ts';
import { organizerPaths } from './organizer-paths.ts';
import { sayError } from './say-error.ts';

/** Orders, newest first; search and filters are the page's address, so they can be kept and shared. */
export function OrdersList({ view }: { view: OrdersView }) {
  const { t, i18n } = useOrganizerWords();
  const { dashboard, live, may } = useOutletContext<EventShellContext>();
  const [params] = useSearchParams();
  const { event } = dashboard;
  const q = params.get('q') ?? '';
  const state = ORDER_FILTERS.find((each) => each === params.get('state')) ?? 'all';
  const [more, setMore] = useState<{ orders: OrganizerOrderLine[]; cursor: string | null }>({
    orders: [],
    cursor: view.nextCursor,
  });
  const [busy, setBusy] = useState(false);
  useEffect(() => setMore({ orders: [], cursor: view.nextCursor }), [view]);
  const orders = [...view.orders, ...more.orders];
  const { revalidate, state: loading } = useRevalidator();
  const { fresh, changed } = newSince(view.readAt.getTime(), orders, live.sales);
  const amounts = orders.flatMap((order) => order.totalCents ?? []);
  const to = (next: string) =>
    `?${new URLSearchParams({ ...(q ? { q } : {}), ...(next === 'all' ? {} : { state: next }) })}`;
  const older = async () => {
    setBusy(true);
    try {
      const next = await trpc.organizer.orders.query({
        eventId: event.id,
        state,
        cursor: more.cursor ?? '',
        ...(q ? { q } : {}),
      });
      setMore((now) => ({ orders: [...now.orders, ...next.orders], cursor: next.nextCursor }));
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className="t-page">{t('orders.heading')}</h1>
        <p className="ink-2 tnum">
          {view.count >= 1000 ? t('orders.count_most') : t('orders.count', { count: view.count })}
        </p>
      </header>
      <div className={styles.tools}>
        <ListSearch
          q={q}
          label={t(may('orders') ? 'orders.search' : 'orders.search_names')}
          keep={state === 'all' ? {} : { state }}
        />
        <nav aria-label={t('orders.state')} className={styles.filters}>
          {ORDER_FILTERS.map((filter) => (
            <Link
              key={filter}
              to={to(filter)}
              className={styles.filter}
              aria-current={filter === state ? 'true' : undefined}
              preventScrollReset
            >
              {t(`orders.${filter}`)}
            </Link>
          ))}
        </nav>
      </div>
      {!q && (fresh > 0 || changed) && (
        <div role="status">
          <Button small busy={loading === 'loading'} onClick={revalidate}>
            {fresh > 0 ? t('orders.fresh', { count: fresh }) : t('orders.changed')}
          </Button>
        </div>
      )}
      {orders.length === 0 &&
        (q || state !== 'all' ? (
          <EmptyState motif="dots" inline action={<ButtonLink to="?">{t('orders.clear')}</ButtonLink>}>
            {t('orders.none_found', { q: q || t(`orders.${state}`) })}
          </EmptyState>
        ) : (
          <EmptyState
            motif="bars"
            action={
              <ButtonLink plain to={paths.event(event.slug)}>
                {t('orders.share')}
              </ButtonLink>
            }
          >
            {t('orders.none')}
          </EmptyState>
        ))}
      {orders.length > 0 && (
        <ul className={styles.rows}>
          {orders.map((order) => (
            <li key={order.id} className={styles.row}>
              {may('orders') ? (
                <Link to={organizerPaths.order(event.id, order.id)} className={styles.who} prefetch="intent">
                  {order.name || order.code}
                </Link>
              ) : (
                <p className={styles.who}>{order.name || t('orders.nameless')}</p>
              )}
              <p className={styles.end}>
                {order.totalCents !== undefined && (
                  <span className={styles.amount}>
                    {formatMoney(order.totalCents, view.currency, { among: amounts, locale: i18n.language })}
                  </span>
                )}
              </p>
              <p className={styles.sub}>
                {order.tiers}
                {order.email && ` · ${order.email}`}
                {order.code && (
                  <>
                    {' · '}
                    <span className="t-code">{order.code}</span>
                  </>
                )}
                {' · '}
                {formatDate(order.createdAt.getTime(), view.timeZone, 'short', i18n.language)}
              </p>
              <p className={styles.end}>
                <span className={styles.tag} data-tone={orderState(order).tone}>
                  {t(`orders.${orderState(order).key}`)}
                </span>
              </p>
            </li>
          ))}
        </ul>
      )}
      {more.cursor && (
        <Button className={styles.more} busy={busy} onClick={older}>
          {t('orders.more')}
        </Button>
      )}
    </div>
  );
}
