import type { MetaFunction } from '@remix-run/node';
import { useTranslation } from 'react-i18next';
import { paths } from '~/platform/paths.ts';
import { ErrorPage } from '~/ui/error-page/error-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Offline · Liventix' }, { name: 'robots', content: 'noindex' }];

/** Kept by the service worker, and shown by it when a page cannot be reached. */
export default function Offline() {
  const { t } = useTranslation('common');
  return (
    <ErrorPage
      kind="offline"
      title={t('errors.offline.title')}
      words={t('errors.offline.words')}
      action={{ words: t('errors.offline.action'), to: paths.tickets(), reload: true }}
    />
  );
}
