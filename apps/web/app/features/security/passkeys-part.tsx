import type { PasskeyView } from '@liventix/contracts/security';
import { IconFingerprint } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { formatDate } from '~/platform/format.ts';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { useReaderZone } from '~/ui/event-date/event-date.tsx';
import { TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import type { FactorPartProps } from './app-part.tsx';
import styles from './security.module.css';
import { useWork } from './use-work.ts';
import { isBrowserRefusal, knowsPasskeys, makePasskey } from './webauthn.ts';

/** The passkeys of an account: the list, and one more. */
export function PasskeysPart({ passkeys, onChanged }: FactorPartProps & { passkeys: PasskeyView[] }) {
  const { t } = useSecurityWords();
  const [able, setAble] = useState(true);
  const [removing, setRemoving] = useState<PasskeyView | null>(null);
  const { busy, problem, work } = useWork();
  useEffect(() => setAble(knowsPasskeys()), []);
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name') ?? '').trim() || t('passkeys.default_name');
    void work(
      'add',
      async () => {
        const { codes } = await trpc.security.addPasskey.mutate({ name, passkey: await makePasskey() });
        form.reset();
        toast({ words: t('passkeys.added'), tone: 'ok' });
        onChanged(codes);
      },
      (error) => (isBrowserRefusal(error) ? t('passkeys.stopped') : null),
    );
  };
  const remove = ({ id }: PasskeyView) =>
    work(id, async () => {
      setRemoving(null);
      await trpc.security.removePasskey.mutate({ passkeyId: id });
      toast({ words: t('passkeys.removed'), tone: 'ok' });
      onChanged(null);
    });
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('passkeys.title')}</h2>
      <p className="ink-2">{t('passkeys.words')}</p>
      {problem && (
        <Notice tone="bad" role="alert">
          {problem}
        </Notice>
      )}
      {passkeys.length === 0 ? (
        <p>{t('passkeys.none')}</p>
      ) : (
        <ul className={styles.list}>
          {passkeys.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              busy={busy === passkey.id}
              onRename={(name) =>
                work(passkey.id, async () => {
                  await trpc.security.renamePasskey.mutate({ passkeyId: passkey.id, name });
                  onChanged(null);
                })
              }
              onRemove={() => setRemoving(passkey)}
            />
          ))}
        </ul>
      )}
      {able ? (
        <form onSubmit={add} className={styles.fields}>
          <TextField name="name" label={t('passkeys.name')} hint={t('passkeys.name_hint')} maxLength={60} />
          <div className={styles.row}>
            <Button
              type="submit"
              busy={busy === 'add'}
              busyWords={t('passkeys.busy')}
              icon={<IconFingerprint size={20} stroke={1.75} aria-hidden />}
            >
              {t('passkeys.add')}
            </Button>
          </div>
        </form>
      ) : (
        <Notice>{t('passkeys.unable')}</Notice>
      )}
      <Sheet
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={t('passkeys.remove_title', { name: removing?.name })}
        footer={
          <Button tone="danger" full onClick={() => removing && remove(removing)}>
            {t('passkeys.remove')}
          </Button>
        }
      >
        <p>{t('passkeys.remove_words')}</p>
      </Sheet>
    </section>
  );
}

interface PasskeyRowProps {
  passkey: PasskeyView;
  busy: boolean;
  onRename: (name: string) => Promise<void>;
  onRemove: () => void;
}

function PasskeyRow({ passkey: { name, createdAt, usedAt }, busy, onRename, onRemove }: PasskeyRowProps) {
  const { t, i18n } = useSecurityWords();
  const zone = useReaderZone() ?? 'UTC';
  const [renaming, setRenaming] = useState(false);
  const day = (at: Date) => formatDate(at.getTime(), zone, 'short', i18n.language);
  const rename = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const next = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (next && next !== name) await onRename(next);
    setRenaming(false);
  };
  if (renaming) {
    return (
      <li>
        <form onSubmit={rename} className={styles.fields}>
          <TextField name="name" label={t('passkeys.new_name')} defaultValue={name} maxLength={60} autoFocus />
          <div className={styles.row}>
            <Button type="submit" busy={busy}>
              {t('passkeys.save')}
            </Button>
            <Button tone="quiet" onClick={() => setRenaming(false)}>
              {t('app.cancel')}
            </Button>
          </div>
        </form>
      </li>
    );
  }
  return (
    <li className={styles.item}>
      <p>
        <strong>{name}</strong>
        <span>
          {t('passkeys.since', { when: day(createdAt) })}
          {usedAt && `, ${t('passkeys.used', { when: day(usedAt) })}`}
        </span>
      </p>
      <div className={styles.row}>
        <Button aria-label={t('passkeys.rename_of', { name })} onClick={() => setRenaming(true)}>
          {t('passkeys.rename')}
        </Button>
        <Button busy={busy} aria-label={t('passkeys.remove_of', { name })} onClick={onRemove}>
          {t('passkeys.remove')}
        </Button>
      </div>
    </li>
  );
}
