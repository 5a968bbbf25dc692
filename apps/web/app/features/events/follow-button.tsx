import type { HostLine } from '@liventix/contracts/events';
import { useFetcher } from '@remix-run/react';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { paths } from '~/platform/paths.ts';
import styles from './follow-button.module.css';

/** Follow a host. A form of the host's page, so that it works before JavaScript; shown at once where that runs. */
export function FollowButton({ host, onPaper }: { host: HostLine; onPaper?: boolean }) {
  const { t } = useTranslation('event');
  const fetcher = useFetcher();
  const following = fetcher.formData ? fetcher.formData.get('intent') === 'follow' : host.following;
  return (
    <fetcher.Form method="post" action={paths.organizer(host.slug)}>
      <input type="hidden" name="type" value={host.type} />
      <input type="hidden" name="id" value={host.id} />
      <button
        type="submit"
        name="intent"
        value={following ? 'unfollow' : 'follow'}
        className={styles.follow}
        data-on={following || undefined}
        data-paper={onPaper || undefined}
        aria-pressed={following}
      >
        {following ? <IconCheck size={18} stroke={2} aria-hidden /> : <IconPlus size={18} stroke={2} aria-hidden />}
        {following ? t('following') : t('follow')}
      </button>
    </fetcher.Form>
  );
}
