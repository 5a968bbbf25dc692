import styles from './drawing.module.css';

export type DrawingMotif = 'rays' | 'rings' | 'dots' | 'waves' | 'steps' | 'moon' | 'bars' | 'petals';

export interface DrawingProps {
  motif: DrawingMotif;
  /** Width in pixels; the height is three quarters. Default 160. */
  width?: number;
}

const ray = (angle: number, from: number, to: number) => {
  const x = Math.cos(angle);
  const y = Math.sin(angle);
  return `M${(80 + x * from).toFixed(1)} ${(58 + y * from).toFixed(1)}L${(80 + x * to).toFixed(1)} ${(58 + y * to).toFixed(1)}`;
};

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

const PATHS: Record<DrawingMotif, { soft: string; ink: string; fill?: string }> = {
  rays: {
    soft: range(20)
      .map((k) => ray((Math.PI * 2 * k) / 20, 34, k % 2 ? 48 : 56))
      .join(''),
    ink: 'M104 58a24 24 0 1 1-48 0a24 24 0 1 1 48 0',
  },
  rings: {
    soft: [22, 34, 46, 56]
      .map((r, k) => `M${80 + k * 2 + r} 60a${r} ${r} 0 1 1-${r * 2} 0a${r} ${r} 0 1 1 ${r * 2} 0`)
      .join(''),
    ink: 'M90 60a10 10 0 1 1-20 0a10 10 0 1 1 20 0',
  },
  dots: {
    soft: range(5)
      .flatMap((row) =>
        range(8).map((column) => {
          const r = Math.max(1, 7 - Math.hypot(column - 5, row - 2) * 1.7);
          const x = 24 + column * 16;
          const y = 28 + row * 16;
          return `M${x + r} ${y}a${r.toFixed(1)} ${r.toFixed(1)} 0 1 1-${(r * 2).toFixed(1)} 0a${r.toFixed(1)} ${r.toFixed(1)} 0 1 1 ${(r * 2).toFixed(1)} 0`;
        }),
      )
      .join(''),
    ink: 'M111 60a7 7 0 1 1-14 0a7 7 0 1 1 14 0',
  },
  waves: {
    soft: [30, 46, 78, 94].map((y) => `M12 ${y}c22-16 46-16 68 0s46 16 68 0`).join(''),
    ink: 'M12 62c22-16 46-16 68 0s46 16 68 0',
  },
  steps: {
    soft: 'M22 100v-12h20v-14h20v-14h20v-14h20v-14h20v68z',
    ink: 'M121 22a9 9 0 1 1-18 0a9 9 0 1 1 18 0M10 100h140',
  },
  moon: {
    soft: 'M8 96l16-10 14 6 18-12 16 8 20-12 18 10 16-8 26 14M8 106h144',
    ink: 'M92 66a34 34 0 1 1 0-52a28 28 0 1 0 0 52z',
  },
  bars: {
    soft: range(9)
      .filter((k) => k !== 3)
      .map((k) => {
        const h = 20 + Math.abs(Math.sin(k * 0.9 + 0.6)) * 66;
        return `M${24 + k * 13} 104v-${h.toFixed(0)}a4 4 0 0 1 8 0v${h.toFixed(0)}z`;
      })
      .join(''),
    ink: 'M63 104v-72a4 4 0 0 1 8 0v72zM12 104h136',
  },
  petals: {
    soft: range(9)
      .map((k) => {
        const angle = (Math.PI * 2 * k) / 9;
        const x = 80 + Math.cos(angle) * 30;
        const y = 60 + Math.sin(angle) * 30;
        return `M${(x + 18).toFixed(1)} ${y.toFixed(1)}a18 18 0 1 1-36 0a18 18 0 1 1 36 0`;
      })
      .join(''),
    ink: 'M91 60a11 11 0 1 1-22 0a11 11 0 1 1 22 0',
  },
};

/** A small line drawing made from a poster motif, for empty and broken states. */
export function Drawing({ motif, width = 160 }: DrawingProps) {
  const { soft, ink } = PATHS[motif];
  return (
    <svg
      className={styles.drawing}
      width={width}
      height={width * 0.75}
      viewBox="0 0 160 120"
      fill="none"
      strokeWidth="1.75"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path className={styles.soft} d={soft} />
      <path className={styles.ink} d={ink} />
    </svg>
  );
}
