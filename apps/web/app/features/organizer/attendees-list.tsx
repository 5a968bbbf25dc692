import type { AttendeeLine, AttendeesView } from '@liventix/contracts/organizer';
import { Form, Link, useOutletContext, useSearchParams } from '@remix-run/react';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatCount, formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { TextField } from '~/ui/field/field.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import type { EventShellContext } from './event-shell.tsx';
import styles from './lists.module.css';
import { organizerPaths } from './organizer-paths.ts';
import { sayError } from './say-error.ts';

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
  const [changed, setChanged] = useState<Record<string, Partial<AttendeeLine>>>({});
  const [busy, setBusy] = useState<string | null>(null);
  useEffect(() => {
    setMore({ rows: [], cursor: view.nextCursor });
    setChanged({});
  }, [view]);
  const rows = [...view.attendees, ...more.rows].map((row) => ({ ...row, ...changed[row.ticketId] }));
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
  const admit = async (row: AttendeeLine) => {
    setBusy(row.ticketId);
    try {
      const answer = await trpc.organizer.admit.mutate({ eventId: event.id, ticketId: row.ticketId });
      const in_ = answer.outcome === 'admitted' || answer.outcome === 'already';
      if (in_)
        setChanged((now) => ({
          ...now,
          [row.ticketId]: { status: 'redeemed', redeemedAt: answer.redeemedAt, gate: answer.gate },
        }));
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
      setChanged((now) => ({ ...now, [row.ticketId]: { status: 'issued', redeemedAt: null, gate: null } }));
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
        <Form method="get" role="search" aria-label={t('door.search')} className={styles.search}>
          <TextField
            key={q}
            label={<span className="vh">{t('door.search')}</span>}
            name="q"
            type="search"
            defaultValue={q}
            placeholder={t('door.search')}
            autoComplete="off"
          />
          <Button type="submit">{t('orders.go')}</Button>
        </Form>
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
