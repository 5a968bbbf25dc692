import { useRouteLoaderData } from '@remix-run/react';
import type { loader } from '~/root.tsx';

export type RootData = Awaited<ReturnType<typeof loader>>;

const NOBODY: RootData = {
  actor: null,
  demo: false,
  locale: 'en',
  scheme: 'auto',
  readerZone: null,
  origin: '',
  nowMs: 0,
  requestId: '',
};

/**
 * What every page knows: who is looking (`actor`, null for strangers), demo mode, language, zone, origin. On an error
 * page whose root loader failed it is nobody.
 */
export function useRoot(): RootData {
  return (useRouteLoaderData('root') as RootData | undefined) ?? NOBODY;
}
