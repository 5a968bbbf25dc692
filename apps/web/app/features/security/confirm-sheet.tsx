import type { ProofState } from '@liventix/contracts/security';
import { useEffect, useState } from 'react';
import type { Ask } from '~/platform/confirm.ts';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { AppPart } from './app-part.tsx';
import { CodesOnce } from './codes-part.tsx';
import { PasskeysPart } from './passkeys-part.tsx';
import { ProveForm } from './prove-form.tsx';
import { errorWords } from './say-error.ts';
import styles from './security.module.css';

/** Leads through what the server wants first, then lets the interrupted work go on. */
export default function ConfirmSheet({ ask }: { ask: Ask }) {
  const { t } = useSecurityWords();
  return (
    <Sheet
      open
      onClose={() => ask.answer(false)}
      title={t(ask.wanted === 'SECOND_FACTOR_REQUIRED' ? 'set_up.title' : 'confirm.title')}
    >
      {ask.wanted === 'SECOND_FACTOR_REQUIRED' ? (
        <SetUp onDone={() => ask.answer(true)} />
      ) : (
        <Confirm onDone={() => ask.answer(true)} />
      )}
    </Sheet>
  );
}

function Confirm({ onDone }: { onDone: () => void }) {
  const { t } = useSecurityWords();
  const [state, setState] = useState<ProofState | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    trpc.security.proof.query().then(setState, (error: unknown) => setProblem(errorWords(error, t)));
  }, [t]);
  return (
    <div className={styles.fields}>
      <p className="ink-2">{t('confirm.lead')}</p>
      {problem && (
        <Notice tone="bad" role="alert">
          {problem}
        </Notice>
      )}
      {state && <ProveForm state={state} onProved={onDone} />}
    </div>
  );
}

function SetUp({ onDone }: { onDone: () => void }) {
  const { t } = useSecurityWords();
  const [done, setDone] = useState<{ codes: string[] | null } | null>(null);
  if (done) {
    return (
      <div className={styles.fields}>
        <Notice tone="ok" role="status">
          {t('set_up.done')}
        </Notice>
        {done.codes && <CodesOnce codes={done.codes} />}
        <Button tone="primary" full onClick={onDone}>
          {t('set_up.go_on')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.fields}>
      <p className="ink-2">{t('set_up.why')}</p>
      <AppPart on={false} onChanged={(codes) => setDone({ codes })} />
      <PasskeysPart passkeys={[]} onChanged={(codes) => setDone({ codes })} />
    </div>
  );
}
