import type { TFunction } from 'i18next';
import { readError } from '~/platform/trpc.ts';
import { toast } from '~/ui/toast/toast.tsx';

/** What went wrong in the server's own words, or in ours when no answer came. */
export function errorWords(error: unknown, t: TFunction<'organizer'>): string {
  const { code, words } = readError(error);
  if (code === 'OFFLINE') return t('errors.offline');
  return words ?? t('errors.any');
}

/** Says it at the edge of the page. */
export function sayError(error: unknown, t: TFunction<'organizer'>): void {
  toast({ words: errorWords(error, t), tone: 'bad' });
}
