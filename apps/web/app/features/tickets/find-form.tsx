import { useFetcher } from '@remix-run/react';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import type { FoundOrders } from './find-tickets.server.ts';
import { ticketPaths } from './ticket-paths.ts';
import styles from './tickets.module.css';

/** Asks for the link to lost tickets. `given` fills the field; the answer never says whether there are any. */
export function FindForm({ given, answer }: { given?: string; answer?: FoundOrders }) {
  const { t } = useWalletWords();
  const fetcher = useFetcher<FoundOrders>();
  const said = fetcher.data ?? answer;
  if (said?.outcome === 'sent') {
    return (
      <Notice tone="ok" role="status" title={t('find_order.sent_title')}>
        {t('find_order.sent', { minutes: said.minutes })}
      </Notice>
    );
  }
  return (
    <fetcher.Form method="post" action={ticketPaths.findOrder()} className={styles.find}>
      <TextField
        name="which"
        label={t('find_order.label')}
        defaultValue={said?.which ?? given}
        autoComplete="email"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        error={
          said?.outcome === 'invalid' ? t('find_order.invalid') : said?.outcome === 'refused' ? said.words : undefined
        }
      />
      <Button tone="primary" type="submit" full busy={fetcher.state !== 'idle'} busyWords={t('find_order.sending')}>
        {t('find_order.send')}
      </Button>
    </fetcher.Form>
  );
}
