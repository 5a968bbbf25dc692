import { spansDays } from '@liventix/contracts/nights';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DateForm, formatDate, machineDate, sameClock, zonePlace } from '~/platform/format.ts';
import { useRoot } from '~/platform/root-data.ts';

export interface EventDateProps {
  startMs: number;
  endMs?: number | null;
  /** The event's own zone, "Europe/Berlin". */
  zone: string;
  /** Where its clock hangs, for readers elsewhere: its city. The zone's name stands in where there is none. */
  city?: string | null | undefined;
  form?: DateForm;
  /** Beside the event's time also the reader's, when her clock shows another one; default false. */
  both?: boolean;
  className?: string;
}

/** The zone of whoever reads: from an earlier visit at first, from the browser once the page is awake. */
export function useReaderZone(): string | null {
  const { readerZone } = useRoot();
  const [zone, setZone] = useState(readerZone);
  useEffect(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone), []);
  return zone;
}

/** A moment in the event's own zone: "Fri 4 Dec, 20:00". With `both`, also where the reader is, if that differs. */
export function EventDate({ startMs, endMs, zone, city, form = 'short', both = false, className }: EventDateProps) {
  const { t, i18n } = useTranslation('common');
  const own = useReaderZone();
  const start = formatDate(startMs, zone, form, i18n.language);
  const text =
    endMs && form !== 'day'
      ? spansDays(startMs, endMs, zone)
        ? t('date.through', { start, end: formatDate(endMs, zone, form, i18n.language) })
        : t('date.until', { start, end: formatDate(endMs, zone, 'time', i18n.language) })
      : start;
  const differs = both && own !== null && !sameClock(startMs, zone, own);
  return (
    <span className={className ?? 'tnum'}>
      <time dateTime={machineDate(startMs)}>
        {differs ? t('date.there', { time: text, place: city || zonePlace(zone) }) : text}
      </time>
      {differs && (
        <span className="ink-3"> · {t('date.yours', { time: formatDate(startMs, own, 'short', i18n.language) })}</span>
      )}
    </span>
  );
}
