import type { Badge } from '@liventix/contracts/feed';
import { IconCircleCheck, IconMicrophone2, IconTicket } from '@tabler/icons-react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import styles from './post.module.css';

const ICONS = { host: IconMicrophone2, ticket: IconTicket, checked_in: IconCircleCheck };

/** What the database proves about who wrote: an icon and words. */
export function Badges({ badges }: { badges: readonly Badge[] }) {
  const { t } = useFeedWords();
  return badges.map((badge) => {
    const Icon = ICONS[badge];
    return (
      <span key={badge} className={styles.badge}>
        <Icon size={16} stroke={1.75} aria-hidden />
        {t(`badge.${badge}`)}
      </span>
    );
  });
}
