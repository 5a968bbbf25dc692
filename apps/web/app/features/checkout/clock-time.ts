import { useTranslation } from 'react-i18next';
import { formatDate } from '~/platform/format.ts';
import { useReaderZone } from '~/ui/event-date/event-date.tsx';

/** A moment on the reader's own clock: "20:14". Before the browser tells its zone, on the event's. */
export function useClockTime(zone: string): (ms: number) => string {
  const { i18n } = useTranslation();
  const own = useReaderZone();
  return (ms) => formatDate(ms, own ?? zone, 'time', i18n.language);
}
