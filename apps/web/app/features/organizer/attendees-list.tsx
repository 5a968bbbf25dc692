import type { AttendeeLine, AttendeesView } from '@liventix/contracts/organizer';
import { Link, useOutletContext, useSearchParams } from '@remix-run/react';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatCount, formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import type { EventShellContext } from './event-shell.tsx';
import { ListSearch } from './list-search.tsx';
import styles from './lists.module.css';
import { organizerPaths } from './organizer-paths.ts';
import { sayError } from './say-error.ts';
import { useReread } from './use-reread.ts';

const PAGE = 40;
const MOVED_MS = 400;

type State = Pick<AttendeeLine, 'status' | 'redeemedAt' | 'gate' | 'suspendedReason'>;
/** What the database said of the rows in sight, and when it was asked. */
interface Reading {
  at: number;
  found: ReadonlyMap<string, State>;
}
const NOTHING_READ: Reading = { at: 0, found: new Map() };

/** Everybody with a ticket, for the door: find a name, admit it, take it back. */
export function AttendeesList({ view }: { view: AttendeesView }) {
  const { t, i18n } = useOrganizerWords();
  const { dashboard, live, may } = useOutletContext<EventShellContext>();
  const { event } = dashboard;
  const [params] = useSearchParams();
  const q = params.get('q') ?? '';
  const [more, setMore] = useState<{ rows: AttendeeLine[]; cursor: string | null }>({
    rows: [],
    cursor: view.nextCursor,
  });
  /** What this device did, until the database says the same. */
  const [own, setOwn] = useState<Record<string, { at: number; state: Partial<State> }>>({});
  const [busy, setBusy] = useState<string | null>(null);
  useEffect(() => {
    setMore({ rows: [], cursor: view.nextCursor });
    setOwn({});
  }, [view]);
  // Somebody was admitted at another door, or a ticket was given back: the rows in sight are read again.
  const reading = useReread<Reading>(
    NOTHING_READ,
    async () => {
      const at = performance.now();
      const found = new Map<string, State>();
      let cursor: string | null = '';
      for (let page = 0; page <= Math.ceil(more.rows.length / PAGE) && cursor !== null; page++) {
        const next: AttendeesView = await trpc.organizer.attendees.query({
          eventId: event.id,
          ...(cursor ? { cursor } : {}),
          ...(q ? { q } : {}),
        });
        for (const { ticketId, status, redeemedAt, gate, suspendedReason } of next.attendees)
          found.set(ticketId, { status, redeemedAt, gate, suspendedReason });
        cursor = next.nextCursor;
      }
      return { at, found };
    },
    `${live.admitted} ${live.sold}`,
    MOVED_MS,
  );
  const rows = [...view.attendees, ...more.rows].map((row): AttendeeLine => {
    const mine = own[row.ticketId];
    return { ...row, ...reading.found.get(row.ticketId), ...(mine && mine.at > reading.at && mine.state) };
  });
  const time = (at: Date) => formatDate(at.getTime(), view.timeZone, 'time', i18n.language);

  const older = async () => {
    setBusy('more');
    try {
      const next = await trpc.organizer.attendees.query({
        eventId: event.id,
        cursor: more.cursor ?? '',
        ...(q ? { q } : {}),
      });
      setMore((now) => ({ rows: [...now.rows, ...next.attendees], cursor: next.nextCursor }));
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };
  const keep = (row: AttendeeLine, state: Partial<State>) =>
    setOwn((now) => ({ ...now, [row.ticketId]: { at: performance.now(), state } }));
  const admit = async (row: AttendeeLine) => {
    setBusy(row.ticketId);
    try {
      const answer = await trpc.organizer.admit.mutate({ eventId: event.id, ticketId: row.ticketId });
      const in_ = answer.outcome === 'admitted' || answer.outcome === 'already';
      if (in_) keep(row, { status: 'redeemed', redeemedAt: answer.redeemedAt, gate: answer.gate });
      const key =
        answer.outcome === 'admitted' ||
        answer.outcome === 'already' ||
        answer.outcome === 'wrong_day' ||
        answer.outcome === 'suspended' ||
        answer.outcome === 'disputed' ||
        answer.outcome === 'refunded'
          ? answer.outcome
          : 'other';
      toast({
        words: t(`door.outcome_${key}`, { name: row.name, time: answer.redeemedAt ? time(answer.redeemedAt) : '' }),
        tone: answer.outcome === 'admitted' ? 'ok' : 'bad',
      });
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };
  const undo = async (row: AttendeeLine) => {
    setBusy(row.ticketId);
    try {
      await trpc.organizer.undoAdmit.mutate({ eventId: event.id, ticketId: row.ticketId });
      keep(row, { status: 'issued', redeemedAt: null, gate: null });
      toast({ words: t('door.undone', { name: row.name }) });
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className="t-page">{t('door.heading')}</h1>
        <p className={styles.counts} aria-live="polite">
          {t('door.counts', {
            admitted: formatCount(live.admitted, i18n.language),
            expected: formatCount(Math.max(live.sold, view.expected), i18n.language),
          })}
        </p>
      </header>
      <div className={styles.head}>
        <ListSearch q={q} label={t('door.search')} />
        {may('orders.names') && (
          <ButtonLink
            plain
            to={organizerPaths.attendeesCsv(event.id)}
            download
            icon={<IconDownload size={20} stroke={1.75} aria-hidden />}
          >
            {t('door.export')}
          </ButtonLink>
        )}
      </div>
      {rows.length === 0 &&
        (q ? (
          <EmptyState motif="dots" inline action={<ButtonLink to="?">{t('orders.clear')}</ButtonLink>}>
            {t('door.none_found', { q })}
          </EmptyState>
        ) : (
          <EmptyState motif="rings">{t('door.none')}</EmptyState>
        ))}
      {rows.length > 0 && (
        <ul className={styles.rows}>
          {rows.map((row) => (
            <li key={row.ticketId} className={`${styles.row} ${styles.attendee}`}>
              <span className={styles.number}>{String(row.sequenceNumber).padStart(4, '0')}</span>
              <div>
                <p className={styles.who}>{row.name}</p>
                <p className={styles.sub}>
                  {row.tierName}
                  {row.orderId && row.orderCode && (
                    <>
                      {' · '}
                      <Link className="t-code" to={organizerPaths.order(event.id, row.orderId)}>
                        {row.orderCode}
                      </Link>
                    </>
                  )}
                  {row.status === 'redeemed' && (
                    <span className={styles.tag} data-tone="ok">
                      {' · '}
                      {row.redeemedAt ? t('door.admitted_at', { time: time(row.redeemedAt) }) : t('door.redeemed')}
                      {row.gate && `, ${row.gate}`}
                    </span>
                  )}
                  {row.suspendedReason && (
                    <span className={styles.tag} data-tone="warn">
                      {' · '}
                      {t(`door.suspended_${row.suspendedReason}`)}
                    </span>
                  )}
                  {row.status === 'refunded' && <span className={styles.tag}> · {t('door.refunded')}</span>}
                </p>
              </div>
              <span className={styles.end}>
                {row.status === 'redeemed' ? (
                  <Button
                    small
                    tone="quiet"
                    busy={busy === row.ticketId}
                    aria-label={`${t('door.undo')}, ${row.name}`}
                    onClick={() => undo(row)}
                  >
                    {t('door.undo')}
                  </Button>
                ) : (
                  row.status !== 'refunded' &&
                  !row.suspendedReason && (
                    <Button
                      small
                      busy={busy === row.ticketId}
                      aria-label={`${t('door.admit')}, ${row.name}`}
                      onClick={() => admit(row)}
                    >
                      {t('door.admit')}
                    </Button>
                  )
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {more.cursor && (
        <Button className={styles.more} busy={busy === 'more'} onClick={older}>
          {t('door.more')}
        </Button>
      )}
    </div>
  );
}
