import { IconCopy, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useSecurityWords } from '~/platform/i18n/security.ts';
import { useRoot } from '~/platform/root-data.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import type { FactorPartProps } from './app-part.tsx';
import styles from './security.module.css';
import { useWork } from './use-work.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** Recovery codes, which the page has this once. */
export function CodesOnce({ codes }: { codes: string[] }) {
  const { t } = useSecurityWords();
  const { actor } = useRoot();
  const [copied, setCopied] = useState(false);
  const text = codes.join('\n');
  const download = () => {
    const url = URL.createObjectURL(
      new Blob([`${t('codes.file', { email: actor?.email })}\n\n${text}\n`], { type: 'text/plain' }),
    );
    Object.assign(document.createElement('a'), { href: url, download: 'liventix-recovery-codes.txt' }).click();
    URL.revokeObjectURL(url);
  };
  return (
    <Notice tone="warn" role="status" title={t('codes.once_title')}>
      <div className={styles.fields}>
        <p>{t('codes.once')}</p>
        <ul className={styles.codes}>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className={styles.row}>
          <Button
            icon={<IconCopy {...icon} />}
            onClick={() =>
              navigator.clipboard.writeText(text).then(
                () => setCopied(true),
                () => setCopied(false),
              )
            }
          >
            {t(copied ? 'codes.copied' : 'codes.copy')}
          </Button>
          <Button icon={<IconDownload {...icon} />} onClick={download}>
            {t('codes.download')}
          </Button>
        </div>
      </div>
    </Notice>
  );
}

/** How many are left, and new ones. */
export function CodesPart({ left, onChanged }: FactorPartProps & { left: number }) {
  const { t } = useSecurityWords();
  const { busy, problem, work } = useWork();
  const renew = () =>
    work('renew', async () => {
      const { codes } = await trpc.security.renewCodes.mutate();
      onChanged(codes);
    });
  return (
    <section className={styles.part}>
      <h2 className="t-section">{t('codes.title')}</h2>
      <p className="ink-2">{t('codes.words')}</p>
      <p>{t('codes.left', { count: left })}</p>
      {problem && (
        <Notice tone="bad" role="alert">
          {problem}
        </Notice>
      )}
      <div className={styles.row}>
        <Button busy={busy === 'renew'} onClick={renew}>
          {t('codes.renew')}
        </Button>
        <span className="t-small ink-3">{t('codes.renew_hint')}</span>
      </div>
    </section>
  );
}
