import type { SignedTicketView } from '@liventix/contracts/tickets';
import { IconBulb, IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { Qr } from '~/ui/stub/qr.tsx';
import styles from './full-screen-code.module.css';

const icon = { size: 24, stroke: 1.75, 'aria-hidden': true } as const;

export interface FullScreenCodeProps {
  /** Those that admit; the shown one may leave the list while the door reads it. */
  tickets: readonly SignedTicketView[];
  shownId: string | null;
  onShow: (ticketId: string) => void;
  onClose: () => void;
}

/** Keeps the screen awake while a code is shown; browsers let go of it when the tab is hidden. */
function useAwake(on: boolean): void {
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const hold = () => {
      if (document.visibilityState !== 'visible') return;
      navigator.wakeLock
        .request('screen')
        .then((given) => {
          if (over) void given.release();
          else lock = given;
        })
        .catch(() => {
          // Low battery and some settings refuse; the code is shown all the same.
        });
    };
    hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, [on]);
}

/** One code, white, as wide as the screen: what the door reads. Arrow keys and buttons go to the next one. */
export function FullScreenCode({ tickets, shownId, onShow, onClose }: FullScreenCodeProps) {
  const { t } = useWalletWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const at = tickets.findIndex((ticket) => ticket.id === shownId);
  const shown = tickets[at];
  const open = shown !== undefined;
  useAwake(open);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);
  const go = (step: number) => {
    const next = tickets[at + step];
    if (next) onShow(next.id);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.screen}
      aria-label={shown ? t('ticket.qr', { number: shown.sequenceNumber }) : undefined}
      onClose={onClose}
      onKeyDown={(press) => {
        if (press.key === 'ArrowRight') go(1);
        if (press.key === 'ArrowLeft') go(-1);
      }}
    >
      {shown?.code && (
        <div className={styles.inside}>
          <header className={styles.head}>
            <p className={styles.hint}>
              <IconBulb {...icon} size={20} />
              {t('ticket.brightness')}
            </p>
            <button type="button" className={styles.button} onClick={onClose} aria-label={t('ticket.close')}>
              <IconX {...icon} />
            </button>
          </header>
          <div className={styles.code}>
            <Qr value={shown.code} size="100%" label={t('ticket.qr', { number: shown.sequenceNumber })} />
          </div>
          <footer className={styles.foot}>
            <button
              type="button"
              className={styles.button}
              disabled={at <= 0}
              onClick={() => go(-1)}
              aria-label={t('ticket.previous')}
            >
              <IconChevronLeft {...icon} />
            </button>
            <div className={styles.facts} aria-live="polite">
              <p className={styles.tier}>{shown.tierName}</p>
              <p>{shown.holderName}</p>
              <p className={styles.mono}>
                {t('ticket.number', { number: String(shown.sequenceNumber).padStart(4, '0') })} · {shown.shortCode}
              </p>
              {tickets.length > 1 && (
                <p className={styles.of}>{t('ticket.of', { n: at + 1, count: tickets.length })}</p>
              )}
            </div>
            <button
              type="button"
              className={styles.button}
              disabled={at >= tickets.length - 1}
              onClick={() => go(1)}
              aria-label={t('ticket.next')}
            >
              <IconChevronRight {...icon} />
            </button>
          </footer>
        </div>
      )}
    </dialog>
  );
}
