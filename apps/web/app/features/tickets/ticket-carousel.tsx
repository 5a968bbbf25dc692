import type { SignedTicketView } from '@liventix/contracts/tickets';
import { IconChevronLeft, IconChevronRight, IconMaximize } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { Button } from '~/ui/button/button.tsx';
import { FullScreenCode } from './full-screen-code.tsx';
import styles from './ticket-carousel.module.css';
import { TicketStub, type TicketStubProps } from './ticket-stub.tsx';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

export interface TicketCarouselProps {
  event: TicketStubProps['event'];
  tickets: readonly SignedTicketView[];
  /** Which one stands first in sight. */
  start?: number;
  /** Level of the first stub's heading. */
  heading?: 1 | 2;
}

/** A night's tickets side by side, one in sight on a phone: swipe, or the buttons under them. */
export function TicketCarousel({ event, tickets, start = 0, heading = 2 }: TicketCarouselProps) {
  const { t } = useWalletWords();
  const row = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(start);
  const [fullId, setFullId] = useState<string | null>(null);
  const several = tickets.length > 1;

  const goTo = useCallback((index: number, smooth = true) => {
    const list = row.current;
    const item = list?.children[index] as HTMLElement | undefined;
    if (!list || !item) return;
    const still = !smooth || matchMedia('(prefers-reduced-motion: reduce)').matches;
    list.scrollTo({
      left: item.offsetLeft - (list.clientWidth - item.clientWidth) / 2,
      behavior: still ? 'instant' : 'smooth',
    });
    setAt(index);
  }, []);
  useEffect(() => {
    if (start > 0) goTo(start, false);
  }, [start, goTo]);

  // Where all of them stand side by side there is nothing to page through.
  const [fits, setFits] = useState(false);
  useEffect(() => {
    const list = row.current;
    if (!list) return;
    const watch = new ResizeObserver(() => setFits(list.scrollWidth <= list.clientWidth + 1));
    watch.observe(list);
    return () => watch.disconnect();
  }, []);

  const follow = () => {
    const list = row.current;
    if (!list) return;
    const middle = list.scrollLeft + list.clientWidth / 2;
    const centres = Array.from(
      list.children,
      (child) => (child as HTMLElement).offsetLeft + (child as HTMLElement).clientWidth / 2,
    );
    const nearest = centres.reduce(
      (best, centre, index) => (Math.abs(centre - middle) < Math.abs((centres[best] ?? 0) - middle) ? index : best),
      0,
    );
    setAt(nearest);
  };

  return (
    <div className={styles.carousel}>
      <ul
        ref={row}
        className={styles.row}
        data-several={several || undefined}
        aria-label={t('ticket.list')}
        tabIndex={several ? 0 : undefined}
        onScroll={follow}
      >
        {tickets.map((ticket, index) => (
          <li key={ticket.id} className={styles.item} id={`ticket-${ticket.id}`}>
            <TicketStub event={event} ticket={ticket} heading={index === 0 ? heading : 2}>
              {ticket.code && (
                <div className={styles.full}>
                  <Button small icon={<IconMaximize {...icon} />} onClick={() => setFullId(ticket.id)}>
                    {t('ticket.full_screen')}
                  </Button>
                </div>
              )}
            </TicketStub>
          </li>
        ))}
      </ul>
      {several && !fits && (
        <div className={styles.pager}>
          <button
            type="button"
            className={styles.step}
            disabled={at === 0}
            onClick={() => goTo(at - 1)}
            aria-label={t('ticket.previous')}
          >
            <IconChevronLeft {...icon} size={24} />
          </button>
          <p className="t-strong tnum" aria-live="polite">
            {t('ticket.of', { n: at + 1, count: tickets.length })}
          </p>
          <button
            type="button"
            className={styles.step}
            disabled={at >= tickets.length - 1}
            onClick={() => goTo(at + 1)}
            aria-label={t('ticket.next')}
          >
            <IconChevronRight {...icon} size={24} />
          </button>
        </div>
      )}
      <FullScreenCode
        tickets={tickets.filter((ticket) => ticket.code !== null)}
        shownId={fullId}
        onShow={setFullId}
        onClose={() => setFullId(null)}
      />
    </div>
  );
}
