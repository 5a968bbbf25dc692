import { lazy, Suspense, useSyncExternalStore } from 'react';
import { currentAsks, noAsks, subscribeAsks } from '~/platform/confirm.ts';

const ConfirmSheet = lazy(() => import('./confirm-sheet.tsx'));

/** Where the dialog of `askFor` appears; stands once in the document, and loads nothing before it is needed. */
export function ConfirmHost() {
  const asks = useSyncExternalStore(subscribeAsks, currentAsks, noAsks);
  const ask = asks.at(-1);
  if (!ask) return null;
  return (
    <Suspense fallback={null}>
      <ConfirmSheet key={ask.id} ask={ask} />
    </Suspense>
  );
}
