import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { data } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { IconChevronLeft } from '@tabler/icons-react';
import { withLive } from '~/features/tickets/night.rules.ts';
import { NightFacts } from '~/features/tickets/night-facts.tsx';
import { SavePrompt } from '~/features/tickets/save-prompt.tsx';
import { TicketCarousel } from '~/features/tickets/ticket-carousel.tsx';
import styles from '~/features/tickets/tickets.module.css';
import { useOwnTickets } from '~/features/tickets/use-own-tickets.ts';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page } from '~/ui/page/page.tsx';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function loader({ params, context }: LoaderFunctionArgs) {
  const ticketId = params.ticketId ?? '';
  // A stranger, a guess and a ticket of somebody else are the same page.
  if (!context.actor || !UUID.test(ticketId))
    throw data({ code: 'NOT_FOUND', words: null, reference: null }, { status: 404 });
  return { page: await load(context.api.tickets.get({ ticketId })) };
}

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: `${loaded?.page.event.title ?? 'Ticket'} · Liventix` },
  { name: 'robots', content: 'noindex, nofollow' },
];

export default function TicketPage() {
  const { page } = useLoaderData<typeof loader>();
  const { t } = useWalletWords();
  const live = useOwnTickets();
  const { event } = page;
  const tickets = page.tickets.map((ticket) => withLive(ticket, live.get(ticket.id)));
  const asked = tickets[page.index] ?? tickets[0];
  return (
    <Page>
      <Link to={paths.tickets()} className={styles.back}>
        <IconChevronLeft size={20} stroke={1.75} aria-hidden />
        {t('ticket.back')}
      </Link>
      <h1 className="vh">{t('ticket.title', { event: event.title })}</h1>
      <div className={styles.page} data-single={tickets.length === 1 || undefined}>
        <TicketCarousel event={event} tickets={tickets} start={page.index} />
        <div className={styles.stack}>
          {event.status === 'cancelled' && <Notice tone="bad">{t('ticket.cancelled', { event: event.title })}</Notice>}
          {event.status === 'postponed' && <Notice tone="warn">{t('ticket.postponed', { event: event.title })}</Notice>}
          {asked && <NightFacts event={event} tickets={tickets} asked={asked} onlineUrl={page.onlineUrl} />}
          <SavePrompt />
        </div>
      </div>
    </Page>
  );
}
