import { useBlocker } from '@remix-run/react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import styles from './lists.module.css';

/** Asks before a link leaves a page that holds something unsaved. Closing the tab is asked by the browser (`useEdits`). */
export function LeaveSheet({ unsaved }: { unsaved: boolean }) {
  const { t } = useOrganizerWords();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  const stay = () => blocker.reset?.();
  return (
    <Sheet
      open={blocker.state === 'blocked'}
      onClose={stay}
      title={t('leave.title')}
      footer={
        <Button tone="primary" full onClick={stay}>
          {t('leave.stay')}
        </Button>
      }
    >
      <div className={styles.form}>
        <p>{t('leave.words')}</p>
        <span>
          <Button onClick={() => blocker.proceed?.()}>{t('leave.go')}</Button>
        </span>
      </div>
    </Sheet>
  );
}
