import { REASON_MAX } from '@liventix/contracts/feed';
import { type FormEvent, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { readError } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextArea } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import styles from './post.module.css';

export interface ReasonSheetProps {
  kind: 'hide' | 'report' | 'delete' | null;
  onClose: () => void;
  /** Throws when it didn't happen. The reason is '' for `delete`. */
  onSure: (reason: string) => Promise<void>;
}

/** Asks before something goes: with a reason for hiding and reporting, without for one's own words. */
export function ReasonSheet({ kind, onClose, onSure }: ReasonSheetProps) {
  const { t } = useFeedWords();
  // Keeps its words while it closes.
  const [last, setLast] = useState<NonNullable<ReasonSheetProps['kind']>>('report');
  if (kind && kind !== last) setLast(kind);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (last !== 'delete' && !reason) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSure(reason);
      onClose();
    } catch (thrown) {
      const { code, words } = readError(thrown);
      setProblem(code === 'OFFLINE' ? t('problem.offline') : (words ?? t('problem.failed')));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet open={kind !== null} onClose={onClose} title={t(`${last}.title`)}>
      <form onSubmit={(event) => void send(event)} className={styles.sheet}>
        {last === 'delete' ? (
          <p>{t('delete.words')}</p>
        ) : (
          <TextArea
            name="reason"
            label={t(`${last}.reason`)}
            hint={t(`${last}.hint`)}
            maxLength={REASON_MAX}
            rows={3}
            required
            data-autofocus
          />
        )}
        {problem && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
        <div className={styles.sheetActions}>
          {last === 'delete' && (
            <Button tone="quiet" onClick={onClose}>
              {t('delete.keep')}
            </Button>
          )}
          <Button type="submit" tone={last === 'report' ? 'primary' : 'danger'} busy={busy}>
            {t(`${last}.action`)}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
