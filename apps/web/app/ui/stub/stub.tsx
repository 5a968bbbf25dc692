import type { Layout, PaletteName } from '@liventix/contracts/posters';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../classes.ts';
import { Poster } from '../poster/poster.tsx';
import { Qr } from './qr.tsx';
import styles from './stub.module.css';

export type StubState = 'issued' | 'redeemed' | 'suspended' | 'refunded' | 'transferred';

export interface StubProps {
  event: {
    id: string;
    title: string;
    palette: PaletteName;
    posterVersion?: number | string;
    layout?: Layout;
    when: ReactNode;
    venue?: ReactNode;
  };
  tier: string;
  holder?: string;
  /** Gap-free number within the event. */
  sequence: number;
  /** What the door reads. Absent while the ticket may not be shown. */
  code?: string;
  /** Read out when the camera fails. */
  shortCode?: string;
  state?: StubState;
  /** Why a dead ticket is dead, in words; default the state's own. */
  reason?: string;
  /** Set once it was admitted: "You're in". */
  admitted?: { when: string; gate?: string };
  /** Level of the title's heading. */
  heading?: 1 | 2 | 3;
  /** Pixels of the code. */
  qrSize?: number;
  children?: ReactNode;
}

/** A ticket: poster above the perforation, what the door needs below it. */
export function Stub({
  event,
  tier,
  holder,
  sequence,
  code,
  shortCode,
  state = 'issued',
  reason,
  admitted,
  heading = 2,
  qrSize = 240,
  children,
}: StubProps) {
  const { t } = useTranslation('common');
  const Heading = `h${heading}` as const;
  const inside = state === 'redeemed' && admitted;
  const dead = state === 'suspended' || state === 'refunded' || (state === 'redeemed' && !admitted);
  return (
    <article className={classes(styles.stub, dead && styles.dead)} data-palette={event.palette}>
      <div className={classes(styles.top, 'on-poster')}>
        <Poster
          eventId={event.id}
          title={event.title}
          version={event.posterVersion}
          palette={event.palette}
          sizes="358px"
          decorative
          className={classes(styles.art, event.layout === 'head' && styles.artBelow)}
        />
        <div className={styles.head}>
          <Heading className={classes('t-section', styles.title)}>{event.title}</Heading>
          <p className="t-small tnum">{event.when}</p>
          {event.venue && <p className="t-small">{event.venue}</p>}
        </div>
      </div>
      <div className={classes(styles.bottom, inside ? styles.admittedHalf : 'on-poster')}>
        <div className={styles.facts}>
          <p className={styles.tier}>{tier}</p>
          <p className={styles.number}>{t('ticket.number', { number: String(sequence).padStart(4, '0') })}</p>
          {holder && <p className="t-small">{holder}</p>}
        </div>
        {inside ? (
          <div className={styles.admitted}>
            <strong>{t('ticket.in')}</strong>
            <span className="t-small tnum">
              {admitted.gate
                ? t('ticket.in_gate', { time: admitted.when, gate: admitted.gate })
                : t('ticket.in_at', { time: admitted.when })}
            </span>
          </div>
        ) : (
          code && (
            <div className={styles.qr}>
              <div className={styles.plate}>
                <Qr value={code} size={qrSize} label={t('ticket.code')} />
              </div>
              {shortCode && <p className={classes('t-code', styles.code)}>{shortCode}</p>}
            </div>
          )
        )}
        {children}
      </div>
      {dead && (
        <div className={styles.band}>
          <span>{reason ?? t(`ticket.dead.${state as 'suspended' | 'refunded' | 'redeemed'}`)}</span>
        </div>
      )}
    </article>
  );
}
