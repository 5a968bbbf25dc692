import { type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './checkout.module.css';

/** Half of the turn: the paper is edge-on when the other side takes its place. */
const HALF_MS = 210;

/**
 * Two sides of one piece of paper. When `turned` becomes true it folds along its perforation and is the other side; a
 * page that opens turned shows that side at once. Without motion the sides just change.
 */
export function Fold({
  turned,
  front,
  back,
  onTurned,
}: {
  turned: boolean;
  front: ReactNode;
  back: ReactNode;
  onTurned?: () => void;
}) {
  const [side, setSide] = useState<'front' | 'back'>(turned ? 'back' : 'front');
  const [phase, setPhase] = useState<'out' | 'in' | undefined>();
  const told = useRef(onTurned);
  told.current = onTurned;
  useEffect(() => {
    if (turned === (side === 'back')) return;
    const still = !turned || matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still) {
      setSide(turned ? 'back' : 'front');
      return;
    }
    setPhase('out');
    const timer = setTimeout(() => {
      setSide('back');
      setPhase('in');
      navigator.vibrate?.(20);
    }, HALF_MS);
    return () => clearTimeout(timer);
  }, [turned, side]);
  const first = useRef(side);
  useEffect(() => {
    if (side === 'back' && first.current === 'front') told.current?.();
    first.current = side;
  }, [side]);
  useEffect(() => {
    if (phase !== 'in') return;
    const timer = setTimeout(() => setPhase(undefined), HALF_MS);
    return () => clearTimeout(timer);
  }, [phase]);
  return (
    <div className={styles.fold}>
      <div className={styles.paper} data-phase={phase}>
        {side === 'front' ? front : back}
      </div>
    </div>
  );
}
