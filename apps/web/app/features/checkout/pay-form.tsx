import type { CheckoutOrder, CheckoutView } from '@liventix/contracts/orders';
import { type PaymentForm, problemOf } from '@liventix/contracts/payments';
import { useComputedColorScheme } from '@mantine/core';
import { Elements, PaymentElement, useElements, useStripe } from '@stripe/react-stripe-js';
import type { Stripe } from '@stripe/stripe-js';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ticketPaths } from '~/features/tickets/ticket-paths.ts';
import { formatMoney } from '~/platform/format.ts';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { useNonce } from '~/platform/nonce.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './checkout.module.css';
import { useClockTime } from './clock-time.ts';
import { openPayment, paymentLook } from './open-payment.ts';
import { PayWaiting } from './pay-waiting.tsx';
import { placeCount } from './places.rules.ts';

/** The time is over, or somebody else settled it: the page asks how things stand instead of showing an error. */
const SETTLED = new Set(['HOLD_EXPIRED', 'HOLD_ENDED', 'HOLD_TOO_LATE_TO_PAY', 'ORDER_PAID', 'ORDER_NOT_PENDING']);

/** Kinds of the provider's errors that are no answer of the bank. */
const UNANSWERED = new Set(['api_connection_error', 'api_error', 'rate_limit_error']);

interface PayFormProps {
  view: CheckoutView;
  order: CheckoutOrder;
  expiresAtMs: number | null;
  busy: boolean;
  onBusy: (busy: boolean) => void;
  onTold: (view: CheckoutView) => void;
  onLapsed: () => void;
}

/** Nobody could be asked, here or at the provider: it clears itself when the network is back. */
const AWAY = new Set(['OFFLINE', 'UNKNOWN', 'PAYMENT_UNAVAILABLE']);

type Opening =
  | { state: 'opening' }
  | { state: 'down' }
  /** The provider does not take this order; trying again is no way out. */
  | { state: 'refused'; words: string }
  | { state: 'open'; form: PaymentForm; stripe: Stripe };

/** Starts the payment and shows the provider's form. A provider that is away is said in words, with a way to try again. */
export default function PayForm(props: PayFormProps) {
  const { order, view, expiresAtMs, onLapsed } = props;
  const { t, i18n } = useCheckoutWords();
  const nonce = useNonce();
  const clock = useClockTime(view.event.timeZone);
  const [opening, setOpening] = useState<Opening>({ state: 'opening' });
  const running = useRef(false);

  const open = useCallback(async () => {
    if (running.current) return;
    running.current = true;
    setOpening({ state: 'opening' });
    try {
      const form = await trpc.payments.start.mutate({ orderId: order.id });
      const stripe = await openPayment(form.publishableKey, nonce);
      setOpening({ state: 'open', form, stripe });
    } catch (thrown) {
      const { code, words } = readError(thrown);
      if (SETTLED.has(code)) onLapsed();
      setOpening(words && code === 'PAYMENT_REFUSED' ? { state: 'refused', words } : { state: 'down' });
    } finally {
      running.current = false;
    }
  }, [order.id, nonce, onLapsed]);
  useEffect(() => {
    void open();
  }, [open]);

  const isDown = opening.state === 'down';
  useOnline(isDown, open);

  // The form lives in a frame of its own: when the page turns dark (the scheme is new, the colours are read anew) it is told.
  const scheme = useComputedColorScheme('light');
  const [appearance, setAppearance] = useState<ReturnType<typeof paymentLook>>();
  useEffect(() => setAppearance(paymentLook()), [scheme]);

  const options = useMemo(
    () =>
      opening.state === 'open' && appearance
        ? { clientSecret: opening.form.clientSecret, appearance, locale: i18n.language as 'en' }
        : undefined,
    [opening, appearance, i18n.language],
  );
  if (opening.state === 'opening') return <PayWaiting />;
  if (opening.state === 'refused') {
    return (
      <Notice tone="bad" role="alert">
        {opening.words}
      </Notice>
    );
  }
  if (isDown || !options) {
    return (
      <Notice
        tone="warn"
        role="alert"
        action={
          <Button small onClick={open}>
            {t('pay.retry')}
          </Button>
        }
      >
        {expiresAtMs ? t('pay.down', { time: clock(expiresAtMs) }) : t('pay.down_short')}
      </Notice>
    );
  }
  return (
    <Elements stripe={opening.stripe} options={options} key={opening.form.clientSecret}>
      <Fields {...props} clientSecret={opening.form.clientSecret} />
    </Elements>
  );
}

/** Does something when the network comes back, as long as it is `wanted`. */
function useOnline(wanted: boolean, act: () => void): void {
  useEffect(() => {
    if (!wanted) return;
    window.addEventListener('online', act);
    return () => window.removeEventListener('online', act);
  }, [wanted, act]);
}

/** Why the last press did not pay: in words, with the line on what is safe unless the words say it themselves. */
interface Refused {
  title: string;
  saysSafe: boolean;
  isAway: boolean;
}

const refusal = (title: string, more: Partial<Refused> = {}): Refused => ({
  title,
  saysSafe: false,
  isAway: false,
  ...more,
});

function Fields({
  view,
  order,
  expiresAtMs,
  busy,
  onBusy,
  onTold,
  onLapsed,
  clientSecret,
}: PayFormProps & { clientSecret: string }) {
  const { t, i18n } = useCheckoutWords();
  const stripe = useStripe();
  const elements = useElements();
  const clock = useClockTime(view.event.timeZone);
  // A second press while the first is under way is no second payment, whatever React has rendered by then.
  const running = useRef(false);
  // The bank's no is the same sentence now, after a reload and in another tab, which may hear of it while it is open.
  const { paymentError } = order;
  const [refused, setRefused] = useState<Refused | null>(paymentError ? refusal(t(`pay.${paymentError}`)) : null);
  useEffect(() => {
    if (paymentError && !running.current) setRefused(refusal(t(`pay.${paymentError}`)));
  }, [paymentError, t]);
  const forget = useCallback(() => setRefused(null), []);
  useOnline(refused?.isAway ?? false, forget);
  const [ready, setReady] = useState(false);
  const total = formatMoney(view.totalCents, view.event.currency, { locale: i18n.language, decimals: true });

  const safe = expiresAtMs ? t('pay.nothing_charged', { time: clock(expiresAtMs) }) : t('pay.nothing_charged_short');
  const away = () => refusal(t('pay.unreachable'), { isAway: true });

  const pay = async () => {
    if (!stripe || !elements || running.current) return;
    running.current = true;
    onBusy(true);
    setRefused(null);
    try {
      const checked = await elements.submit();
      if (checked.error) return;
      // Are the places still there? A payment that starts late gets its five minutes here.
      await trpc.payments.start.mutate({ orderId: order.id });
      const { error, paymentIntent } = await stripe.confirmPayment({
        elements,
        clientSecret,
        redirect: 'if_required',
        confirmParams: { return_url: `${window.location.origin}${ticketPaths.paymentReturn(view.checkoutId)}` },
      });
      const status = paymentIntent?.status ?? error?.payment_intent?.status;
      if (status === 'succeeded' || status === 'processing') {
        onTold(await trpc.payments.sync.mutate({ orderId: order.id }));
        return;
      }
      if (error && error.type !== 'validation_error') {
        setRefused(UNANSWERED.has(error.type) ? away() : refusal(t(`pay.${problemOf(error)}`)));
      }
    } catch (thrown) {
      const { code, words } = readError(thrown);
      if (SETTLED.has(code)) onLapsed();
      else if (AWAY.has(code) || !words) setRefused(away());
      else setRefused(refusal(words, { saysSafe: true }));
    } finally {
      running.current = false;
      onBusy(false);
    }
  };

  return (
    <form
      className={styles.form}
      onSubmit={(press) => {
        press.preventDefault();
        void pay();
      }}
    >
      <div className={styles.element} data-ready={ready || undefined}>
        <PaymentElement onReady={() => setReady(true)} options={{ layout: 'tabs' }} />
      </div>
      {refused && (
        <Notice tone="bad" role="alert" title={refused.title}>
          {refused.saysSafe ? null : safe}
        </Notice>
      )}
      <div className={styles.payAction}>
        <Button type="submit" tone="primary" full busy={busy} busyWords={t('pay.paying')}>
          {t('pay.button', { total })}
        </Button>
        {expiresAtMs !== null && (
          <p className={styles.promise}>{t('until', { count: placeCount(view), time: clock(expiresAtMs) })}</p>
        )}
        <p className="t-small ink-3">{t('pay.safe')}</p>
      </div>
    </form>
  );
}
