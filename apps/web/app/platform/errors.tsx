import { isRouteErrorResponse, useLocation, useRouteError } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { ErrorPage } from '~/ui/error-page/error-page.tsx';
import type { RefusedPage } from './loading.ts';
import { paths } from './paths.ts';
import { useRoot } from './root-data.ts';

type Kind = 'not_found' | 'gone' | 'forbidden' | 'sign_in' | 'busy' | 'broken' | 'offline';

/** Which designed page an error is. A browser that lost its network fails to fetch with a TypeError. */
export function errorKind(error: unknown, online: boolean): Kind {
  if (isRouteErrorResponse(error)) {
    if (error.status === 404) return 'not_found';
    if (error.status === 410) return 'gone';
    if (error.status === 401) return 'sign_in';
    if (error.status === 403) return 'forbidden';
    if (error.status === 429 || error.status === 503) return 'busy';
    return 'broken';
  }
  if (!online && error instanceof TypeError) return 'offline';
  return 'broken';
}

const isRefusal = (value: unknown): value is RefusedPage =>
  typeof value === 'object' && value !== null && 'code' in value;

/** The page for whatever a loader threw or a component broke on. Used by the root; any route may use it too. */
export function DesignedError() {
  const error = useRouteError();
  const { t } = useTranslation('common');
  const { requestId } = useRoot();
  const { pathname, search } = useLocation();
  const kind = errorKind(error, typeof navigator === 'undefined' || navigator.onLine);
  const refusal = isRouteErrorResponse(error) && isRefusal(error.data) ? error.data : null;
  const reference = refusal?.reference ?? (kind === 'broken' && requestId ? requestId.slice(0, 8).toUpperCase() : null);
  const to =
    kind === 'offline'
      ? paths.tickets()
      : kind === 'sign_in'
        ? paths.signIn(pathname + search)
        : kind === 'broken' || kind === 'busy'
          ? pathname + search
          : paths.discover();
  // The catalogue's sentence is more exact than ours wherever it says more than "not found".
  const words =
    kind === 'forbidden' || kind === 'busy' ? (refusal?.words ?? t(`errors.${kind}.words`)) : t(`errors.${kind}.words`);
  return (
    <ErrorPage
      kind={kind}
      title={t(`errors.${kind}.title`)}
      words={words}
      reference={kind === 'broken' && reference ? t('errors.broken.reference', { reference }) : undefined}
      action={{ words: t(`errors.${kind}.action`), to, reload: kind === 'broken' || kind === 'busy' }}
    />
  );
}
