import type { OpenReports } from '@liventix/contracts/feed';
import { IconFlag } from '@tabler/icons-react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { trpc } from '~/platform/trpc.ts';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './reports-line.module.css';

export interface ReportsLineProps {
  reports: OpenReports;
  /** What was reported: one post or one comment. */
  of: { postId: string } | { commentId: string };
  /** Asks for the reason and hides it. */
  onHide: () => void;
  /** The team leaves it as it is, and the server has heard so. */
  onDismissed: () => void;
}

/** What people told the team about a post or a comment, for those who decide about it, with the two decisions there are. */
export function ReportsLine({ reports, of, onHide, onDismissed }: ReportsLineProps) {
  const { t } = useFeedWords();
  const dismiss = () =>
    trpc.feed.dismissReports.mutate(of).then(onDismissed, () => toast({ tone: 'bad', words: t('reports.failed') }));
  return (
    <div className={styles.reports}>
      <p className={styles.words}>
        <IconFlag size={16} stroke={1.75} aria-hidden />
        <span>{t('reports.line', { count: reports.count, reasons: reports.reasons.join(', ') })}</span>
      </p>
      <button type="button" className={styles.action} onClick={onHide}>
        {t('menu.hide')}
      </button>
      <button type="button" className={styles.action} onClick={() => void dismiss()}>
        {t('reports.dismiss')}
      </button>
    </div>
  );
}
