import type { CheckoutView } from '@liventix/contracts/orders';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { Part } from './part.tsx';
import { PayWaiting } from './pay-waiting.tsx';

const PayForm = lazy(() => import('./pay-form.tsx'));

export interface PayPartProps {
  view: CheckoutView;
  expiresAtMs: number | null;
  busy: boolean;
  onBusy: (busy: boolean) => void;
  onTold: (view: CheckoutView) => void;
  onLapsed: () => void;
}

/** 3: the provider's own form, loaded when there is an order to pay. */
export function PayPart({ view, ...rest }: PayPartProps) {
  const { t } = useCheckoutWords();
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const { order } = view;
  const heading = useRef<HTMLHeadingElement>(null);
  const had = useRef(order !== null);
  // The form above folded under the reader's hands: she goes on here.
  useEffect(() => {
    if (order && !had.current) heading.current?.focus();
    had.current = order !== null;
  }, [order]);
  return (
    <Part n={3} title={t('pay.title')} later={!order} headingRef={heading}>
      {!order ? (
        <p className="ink-3">{t('pay.later')}</p>
      ) : awake ? (
        <Suspense fallback={<PayWaiting />}>
          <PayForm key={order.id} view={view} order={order} {...rest} />
        </Suspense>
      ) : (
        <>
          <PayWaiting />
          <noscript>
            <p>{t('no_script')}</p>
          </noscript>
        </>
      )}
    </Part>
  );
}
