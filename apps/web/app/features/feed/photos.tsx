import { useFeedWords } from '~/platform/i18n/feed.ts';
import { photoSource } from './feed-paths.ts';
import styles from './photos.module.css';

export interface PhotosProps {
  photos: readonly string[];
  /** Who brought them. */
  name: string;
  /** The first post of a page: its pictures are in sight. */
  priority?: boolean;
}

/** One 4:3, two side by side, two and a wide one, two by two. Each opens by itself. */
export function Photos({ photos, name, priority }: PhotosProps) {
  const { t } = useFeedWords();
  if (photos.length === 0) return null;
  return (
    <div className={styles.photos} data-count={photos.length}>
      {photos.map((url, at) => (
        <a key={url} href={url} target="_blank" rel="noreferrer" className={styles.photo}>
          <img
            src={photoSource(url, photos.length > 1 && !(photos.length === 3 && at === 2))}
            alt={t('photo', { number: at + 1, count: photos.length, name })}
            width={1080}
            height={810}
            loading={priority ? 'eager' : 'lazy'}
            decoding="async"
          />
        </a>
      ))}
    </div>
  );
}
