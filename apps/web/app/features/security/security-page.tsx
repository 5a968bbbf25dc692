import type { SecurityView } from '@liventix/contracts/security';
import { useRevalidator } from '@remix-run/react';
import { useState } from 'react';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { AppPart } from './app-part.tsx';
import { CodesOnce, CodesPart } from './codes-part.tsx';
import { PasskeysPart } from './passkeys-part.tsx';
import styles from './security.module.css';

/** The second factor of an account, in the settings. `to` is where the user came from to set one up. */
export function SecurityPage({ view, to }: { view: SecurityView; to: string | null }) {
  const { t } = useSecurityWords();
  const { revalidate } = useRevalidator();
  const [codes, setCodes] = useState<string[] | null>(null);
  const on = view.app || view.passkeys.length > 0;
  const changed = (fresh: string[] | null) => {
    if (fresh) setCodes(fresh);
    revalidate();
  };
  return (
    <div className={styles.stack}>
      <section className={styles.part}>
        <h2 className="t-section">{t('state.title')}</h2>
        <p>
          <strong>{t(on ? 'state.on' : 'state.off')}</strong>
        </p>
        <p className="ink-2">{t('state.words')}</p>
        {view.required && !on && <Notice tone="warn">{t('state.required')}</Notice>}
        {!view.mayAdd && (
          <>
            <Notice>{t('state.by_mailbox')}</Notice>
            <form method="post" action={paths.signOut()}>
              <Button type="submit">{t('confirm.sign_in_again')}</Button>
            </form>
          </>
        )}
        <noscript>
          <Notice>{t('state.no_script')}</Notice>
        </noscript>
        {codes && (
          <>
            <CodesOnce codes={codes} />
            <div className={styles.row}>
              <Button onClick={() => setCodes(null)}>{t('codes.kept')}</Button>
            </div>
          </>
        )}
        {on && to && (
          <div className={styles.row}>
            <ButtonLink tone="primary" small to={to}>
              {t('set_up.go_on')}
            </ButtonLink>
          </div>
        )}
      </section>
      {view.mayAdd && <AppPart on={view.app} onChanged={changed} />}
      {view.mayAdd && <PasskeysPart passkeys={view.passkeys} onChanged={changed} />}
      {on && <CodesPart left={view.codesLeft} onChanged={changed} />}
    </div>
  );
}
