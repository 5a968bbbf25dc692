import { EXTENSION_OFFERED_SECONDS } from '@liventix/contracts/holds';
import { useFetcher } from '@remix-run/react';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { useCountdown } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import type { CheckoutAnswer } from './act-on-checkout.server.ts';

/** From 2:00 on, once: five more minutes. */
export function MoreTime({
  checkoutId,
  expiresAtMs,
  standsUntilMs,
}: {
  checkoutId: string;
  expiresAtMs: number;
  standsUntilMs: number | null;
}) {
  const { t } = useCheckoutWords();
  const { seconds, ended } = useCountdown(expiresAtMs, standsUntilMs);
  const fetcher = useFetcher<CheckoutAnswer>({ key: 'extend' });
  if (ended || seconds > EXTENSION_OFFERED_SECONDS) return null;
  return (
    <Notice
      tone="you"
      role="status"
      title={t('more.ask')}
      action={
        <fetcher.Form method="post" action={paths.checkout(checkoutId)}>
          <input type="hidden" name="intent" value="extend" />
          <Button type="submit" busy={fetcher.state !== 'idle'} busyWords={t('more.adding')}>
            {t('more.add')}
          </Button>
        </fetcher.Form>
      }
    >
      {fetcher.data?.refusal?.words ?? t('more.once')}
    </Notice>
  );
}
