import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';

const SheetBody = lazy(() => import('./sheet-body.tsx'));

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Stays in sight under the scrolling part: the action. */
  footer?: ReactNode;
  /** Widest it gets, pixels; default 480. */
  width?: number;
}

/** A sheet from the bottom under 768 px, a dialog above. Its code is loaded when it is first opened. */
export function Sheet(props: SheetProps) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (props.open) setWanted(true);
  }, [props.open]);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <SheetBody {...props} />
    </Suspense>
  );
}
