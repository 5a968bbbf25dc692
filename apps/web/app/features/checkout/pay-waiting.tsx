import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { Skeleton } from '~/ui/skeleton/skeleton.tsx';
import styles from './checkout.module.css';

/** The room the payment form is going to take. */
export function PayWaiting() {
  const { t } = useCheckoutWords();
  return (
    <div className={styles.payWaiting}>
      <span className="vh" role="status">
        {t('pay.loading')}
      </span>
      <Skeleton h={72} />
      <Skeleton h={72} />
      <Skeleton h={52} />
    </div>
  );
}
