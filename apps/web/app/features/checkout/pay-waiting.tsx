import { useTranslation } from 'react-i18next';
import { Skeleton } from '~/ui/skeleton/skeleton.tsx';
import styles from './checkout.module.css';

/** The room the payment form is going to take. */
export function PayWaiting() {
  const { t } = useTranslation('checkout');
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
