import { PALETTE_NAMES, posterSeed } from '@liventix/contracts/posters';
import type { CSSProperties } from 'react';
import styles from './avatar.module.css';

export interface AvatarProps {
  name: string;
  /** Pixels; default 40. */
  size?: number;
  /** Stable id for the colour, when names may change. */
  seed?: string;
}

/** The first letter on one of the twelve palettes; never a face. Silent: the name stands beside it. */
export function Avatar({ name, size = 40, seed }: AvatarProps) {
  const palette = PALETTE_NAMES[posterSeed(seed ?? name) % PALETTE_NAMES.length];
  const letter = [...name.trim()][0]?.toLocaleUpperCase() ?? '';
  return (
    <span
      aria-hidden="true"
      className={styles.avatar}
      data-palette={palette}
      style={{ '--size': `${size}px` } as CSSProperties}
    >
      {letter}
    </span>
  );
}
