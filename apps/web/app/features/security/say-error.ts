import type { TFunction } from 'i18next';
import { readError } from '~/platform/trpc.ts';

/** What went wrong in the server's own words, or in ours when no answer came. */
export function errorWords(error: unknown, t: TFunction<'security'>): string {
  const { code, words } = readError(error);
  if (code === 'OFFLINE') return t('errors.offline');
  return words ?? t('errors.any');
}
