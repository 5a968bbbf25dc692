import type { NewApp } from '@liventix/contracts/security';
import { type FormEvent, useState } from 'react';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { Qr } from '~/ui/stub/qr.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './security.module.css';
import { useWork } from './use-work.ts';

export interface FactorPartProps {
  /** Something of the second factor changed; recovery codes come with the first. */
  onChanged: (codes: string[] | null) => void;
}

/** The authenticator app: off, being set up, on. */
export function AppPart({ on, onChanged }: FactorPartProps & { on: boolean }) {
  const { t } = useSecurityWords();
  const [made, setMade] = useState<NewApp | null>(null);
  const [removing, setRemoving] = useState(false);
  const { busy, problem, work } = useWork();
  const start = () => work('start', async () => setMade(await trpc.security.startApp.mutate()));
  const finish = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code') ?? '');
    void work('finish', async () => {
      const { codes } = await trpc.security.finishApp.mutate({ code });
      setMade(null);
      onChanged(codes);
    });
  };
  const remove = () =>
    work('remove', async () => {
      setRemoving(false);
      await trpc.security.removeApp.mutate();
      toast({ words: t('app.removed'), tone: 'ok' });
      onChanged(null);
    });
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('app.title')}</h2>
      <p className="ink-2">{t(on ? 'app.on' : 'app.words')}</p>
      {problem && (
        <Notice tone="bad" role="alert">
          {problem}
        </Notice>
      )}
      {on && (
        <div className={styles.row}>
          <Button busy={busy === 'remove'} onClick={() => setRemoving(true)}>
            {t('app.remove')}
          </Button>
        </div>
      )}
      {!on && !made && (
        <div className={styles.row}>
          <Button tone="primary" small busy={busy === 'start'} onClick={start}>
            {t('app.start')}
          </Button>
        </div>
      )}
      {!on && made && (
        <form onSubmit={finish} noValidate className={styles.fields}>
          <p>{t('app.scan')}</p>
          <div className={styles.qr}>
            <Qr value={made.uri} size={200} label={t('app.qr')} />
          </div>
          <p className={styles.key}>
            <span className="t-small ink-2">{t('app.key')}</span> <code>{made.key.match(/.{1,4}/g)?.join(' ')}</code>
          </p>
          <TextField
            name="code"
            className={styles.code}
            label={t('app.code')}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={12}
            required
            withAsterisk={false}
          />
          <div className={styles.row}>
            <Button tone="primary" small type="submit" busy={busy === 'finish'}>
              {t('app.finish')}
            </Button>
            <Button tone="quiet" onClick={() => setMade(null)}>
              {t('app.cancel')}
            </Button>
          </div>
        </form>
      )}
      <Sheet
        open={removing}
        onClose={() => setRemoving(false)}
        title={t('app.remove_title')}
        footer={
          <Button tone="danger" full onClick={remove}>
            {t('app.remove')}
          </Button>
        }
      >
        <p>{t('app.remove_words')}</p>
      </Sheet>
    </section>
  );
}
