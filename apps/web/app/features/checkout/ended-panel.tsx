import type { CheckoutView } from '@liventix/contracts/orders';
import { useFetcher } from '@remix-run/react';
import { Fragment } from 'react';
import { formatMoney } from '~/platform/format.ts';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { Drawing } from '~/ui/empty-state/drawing.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import type { CheckoutAnswer } from './act-on-checkout.server.ts';
import styles from './checkout.module.css';
import { placeCount } from './places.rules.ts';

/** A checkout that ended without tickets: what happened, what is safe, and the one thing to do next. */
export function EndedPanel({ view, nextId }: { view: CheckoutView; nextId: string }) {
  const { t, i18n } = useCheckoutWords();
  const { event, state, order, freeNow } = view;
  const money = (cents: number) => formatMoney(cents, event.currency, { locale: i18n.language });
  const captured = order?.capturedCents ?? 0;
  const late = captured > 0;
  const eventOff = event.status === 'cancelled' || event.status === 'ended';

  let title = t('cancelled.title');
  let words = t('cancelled.words');
  if (view.owedCents > 0) {
    title = t('owed.title');
    words = t('owed.words', { total: money(view.owedCents) });
  } else if (state === 'disputed') {
    title = t('late.disputed_title');
    words = t('late.disputed', { total: money(captured) });
  } else if (late) {
    title = t('late.title');
    const why =
      order?.cancelReason === 'by_buyer' || order?.cancelReason === 'payment_failed' ? order.cancelReason : 'gone';
    words = `${t(`late.${why}`)} ${t(state === 'refunded' ? 'late.sent' : 'late.under_way', { total: money(captured) })}`;
  } else if (state === 'refunded') {
    title = t('refunded.title');
    words = t('refunded.words', { total: money(view.refundedCents) });
  } else if (event.status === 'cancelled') {
    title = t('cancelled.event_title', { event: event.title });
    words = t('cancelled.event');
  } else if (state === 'expired') {
    title = t('expired.title');
    words =
      freeNow === null ? t('expired.some') : freeNow === 0 ? t('expired.none') : t('expired.free', { count: freeNow });
  } else if (state === 'released') {
    title = t('released.title');
    words = t('released.words');
  }
  const canRetake =
    !eventOff && freeNow !== 0 && (state === 'expired' || state === 'released' || (late && freeNow !== null));
  return (
    <div className={styles.ended} role="status">
      <Drawing motif="moon" width={160} />
      <h1 className="t-page">{title}</h1>
      <p className={styles.endedWords}>{words}</p>
      <div className={styles.endedActions}>
        {canRetake && <Again view={view} nextId={nextId} />}
        <ButtonLink
          tone={canRetake ? 'plain' : 'primary'}
          big
          to={eventOff ? paths.discover() : paths.event(event.slug)}
        >
          {eventOff ? t('lost.home') : t('expired.event')}
        </ButtonLink>
      </div>
    </div>
  );
}

/** Takes the same places again, as far as they are free; refused ones say why. */
function Again({ view, nextId }: { view: CheckoutView; nextId: string }) {
  const { t, i18n } = useCheckoutWords();
  const fetcher = useFetcher<CheckoutAnswer>({ key: 'again' });
  let left = view.freeNow ?? Number.POSITIVE_INFINITY;
  const lines = view.lines.map((line) => {
    const quantity = Math.min(line.quantity, left);
    if (view.lines.length === 1) left -= quantity;
    return { ...line, quantity };
  });
  const count = placeCount({ lines });
  return (
    <fetcher.Form method="post" action={paths.checkout(view.checkoutId)} className={styles.form}>
      <input type="hidden" name="intent" value="again" />
      <input type="hidden" name="event" value={view.event.id} />
      <input type="hidden" name="next" value={nextId} />
      {lines.map((line) => (
        <Fragment key={line.tierId}>
          <input type="hidden" name={`places.${line.tierId}`} value={line.quantity} />
          <input type="hidden" name={`seen.${line.tierId}`} value={line.unitTotalCents} />
        </Fragment>
      ))}
      <Button type="submit" tone="primary" full busy={fetcher.state !== 'idle'} busyWords={t('expired.taking')}>
        {t('expired.again', { count })}
      </Button>
      {fetcher.data?.refusal && fetcher.state === 'idle' && (
        <Notice tone="warn" role="alert">
          {fetcher.data.refusal.code === 'PRICE_CHANGED'
            ? t('expired.price_changed', {
                total: formatMoney(Number(fetcher.data.refusal.details.totalCents), view.event.currency, {
                  locale: i18n.language,
                }),
              })
            : fetcher.data.refusal.words}
        </Notice>
      )}
    </fetcher.Form>
  );
}
