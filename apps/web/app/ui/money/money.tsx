import { useTranslation } from 'react-i18next';
import { formatMoney } from '~/platform/format.ts';

export interface MoneyProps {
  /** Minor units: 1850 EUR is €18.50, 3800 JPY is ¥3,800. */
  cents: number;
  currency: string;
  /** All amounts of the list it stands in: decimals are shown for all or for none. */
  among?: readonly number[];
  className?: string;
}

/** An amount, tabular, with decimals only where the list has any. */
export function Money({ cents, currency, among, className }: MoneyProps) {
  const { i18n } = useTranslation();
  return <span className={className ?? 'tnum'}>{formatMoney(cents, currency, { among, locale: i18n.language })}</span>;
}
