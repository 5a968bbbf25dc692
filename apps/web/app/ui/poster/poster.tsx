import type { PaletteName } from '@liventix/contracts/posters';
import { useTranslation } from 'react-i18next';
import { paths } from '~/platform/paths.ts';
import { classes } from '../classes.ts';
import styles from './poster.module.css';

export interface PosterProps {
  eventId: string;
  title: string;
  /** Its paper fills the frame until the picture is there. */
  palette?: PaletteName;
  /** Raised when the poster changes, so that caches let go of the old one. */
  version?: number | string;
  /** A tiny blurred version as a data address. */
  blur?: string;
  /** How wide it is shown, for the browser's choice of file; default a wall of two and four columns. */
  sizes?: string;
  /** The one poster that leads the page: loaded first. */
  priority?: boolean;
  /** True where the title stands beside it anyway: then it is silent for screen readers. */
  decorative?: boolean;
  className?: string;
}

/** An event's poster, 4:5. The frame keeps its room before the picture arrives. */
export function Poster({
  eventId,
  title,
  palette,
  version,
  blur,
  sizes = '(min-width: 1200px) 294px, (min-width: 768px) 30vw, 45vw',
  priority = false,
  decorative = false,
  className,
}: PosterProps) {
  const { t } = useTranslation('common');
  return (
    <span
      className={classes(styles.poster, styles.edge, className)}
      data-palette={palette}
      style={blur ? { backgroundImage: `url("${blur}")` } : undefined}
    >
      <img
        src={paths.poster(eventId, 540, version)}
        srcSet={([270, 540, 1080] as const)
          .map((width) => `${paths.poster(eventId, width, version)} ${width}w`)
          .join(', ')}
        sizes={sizes}
        width={1080}
        height={1350}
        alt={decorative ? '' : t('poster', { title })}
        loading={priority ? 'eager' : 'lazy'}
        decoding={priority ? 'auto' : 'async'}
        // React 18 knows the attribute in lower case only.
        {...{ fetchpriority: priority ? 'high' : undefined }}
      />
    </span>
  );
}
