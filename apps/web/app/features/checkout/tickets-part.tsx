import type { CheckoutView } from '@liventix/contracts/orders';
import { Link, useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { formatMoney } from '~/platform/format.ts';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { paths } from '~/platform/paths.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Stepper } from '~/ui/stepper/stepper.tsx';
import type { CheckoutAnswer } from './act-on-checkout.server.ts';
import styles from './checkout.module.css';
import { makeCheckoutId } from './checkout-id.ts';
import { Part } from './part.tsx';

/** 1: the places. Changing them replaces the checkout and keeps its time; the old ones stay until the new ones are there. */
export function TicketsPart({ view, nextId, busy }: { view: CheckoutView; nextId: string; busy: boolean }) {
  const { t, i18n } = useCheckoutWords();
  const fetcher = useFetcher<CheckoutAnswer>({ key: 'change' });
  const release = useFetcher<CheckoutAnswer>({ key: 'release' });
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const [wanted, setWanted] = useState<Record<string, number>>({});
  const quantityOf = (tierId: string, now: number) => wanted[tierId] ?? now;
  const changed = view.lines.some((line) => quantityOf(line.tierId, line.quantity) !== line.quantity);
  // Each attempt with other places is a checkout of its own; sending the same one twice is one attempt.
  const [attempt, setAttempt] = useState(nextId);
  const prices = view.lines.map((line) => line.unitTotalCents);
  const money = (cents: number) => formatMoney(cents, view.event.currency, { among: prices, locale: i18n.language });
  const refused = fetcher.data?.refusal;
  const changing = fetcher.state !== 'idle';
  return (
    <Part n={1} title={t('tickets.title')}>
      <fetcher.Form method="post" action={paths.checkout(view.checkoutId)}>
        <input type="hidden" name="intent" value="change" />
        <input type="hidden" name="event" value={view.event.id} />
        <input type="hidden" name="next" value={attempt} />
        <ul className={styles.lines}>
          {view.lines.map((line) => (
            <li key={line.tierId} className={styles.line}>
              <div>
                <p className="t-strong">{line.name}</p>
                <p className="t-small ink-2 tnum">
                  {line.unitTotalCents === 0
                    ? t('tickets.free')
                    : t('tickets.each', { price: money(line.unitTotalCents) })}
                </p>
              </div>
              <input type="hidden" name={`seen.${line.tierId}`} value={line.unitTotalCents} />
              <Stepper
                name={`places.${line.tierId}`}
                label={line.name}
                value={quantityOf(line.tierId, line.quantity)}
                max={line.maxPerOrder}
                first={line.minPerOrder}
                min={view.lines.length > 1 ? 0 : line.minPerOrder}
                disabled={busy || changing}
                onChange={(quantity) => {
                  setWanted((before) => ({ ...before, [line.tierId]: quantity }));
                  setAttempt(makeCheckoutId());
                }}
              />
            </li>
          ))}
        </ul>
        {(changed || !awake) && (
          <div className={styles.change}>
            <Button
              type="submit"
              tone={awake ? 'primary' : 'plain'}
              small
              busy={changing}
              busyWords={t('tickets.changing')}
              disabled={busy}
            >
              {t('tickets.change')}
            </Button>
            {awake && <p className="t-small ink-2">{t('tickets.unchanged')}</p>}
          </div>
        )}
      </fetcher.Form>
      {refused && !changing && (
        <Notice tone="warn" role="alert">
          {refused.code === 'PRICE_CHANGED'
            ? t('tickets.price_changed', { total: money(Number(refused.details.totalCents)) })
            : refused.words}
        </Notice>
      )}
      <div className={styles.partLinks}>
        <Link className="link t-small" to={paths.event(view.event.slug)}>
          {t('tickets.other_kinds')}
        </Link>
        <release.Form method="post" action={paths.checkout(view.checkoutId)}>
          <input type="hidden" name="intent" value="release" />
          <button type="submit" className={styles.textButton} disabled={busy || release.state !== 'idle'}>
            {t('tickets.give_back')}
          </button>
        </release.Form>
      </div>
    </Part>
  );
}
