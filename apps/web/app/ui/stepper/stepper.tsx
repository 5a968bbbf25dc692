import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './stepper.module.css';

export interface StepperProps {
  value: number;
  onChange: (value: number) => void;
  max: number;
  min?: number;
  /** Smallest step away from 0 (a tier's minimum per order); default 1. */
  first?: number;
  /** What is counted, for those who do not see it: "Floor". */
  label: string;
  /** Name in a form; the field works without JavaScript. */
  name?: string;
  disabled?: boolean;
}

/** How many: two 44 px buttons and a field between them. */
export function Stepper({ value, onChange, max, min = 0, first = 1, label, name, disabled }: StepperProps) {
  const { t } = useTranslation('common');
  const fewer = value <= first && min === 0 ? 0 : value - 1;
  const more = value === 0 ? first : value + 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is never seen
    <div className={styles.stepper} role="group" aria-label={label}>
      <button
        type="button"
        className={styles.button}
        aria-label={t('stepper.fewer', { label })}
        disabled={disabled || value <= min}
        onClick={() => onChange(Math.max(min, fewer))}
      >
        <IconMinus size={20} stroke={1.75} aria-hidden="true" />
      </button>
      <input
        className={styles.count}
        type="number"
        inputMode="numeric"
        name={name}
        aria-label={label}
        value={value}
        min={min}
        max={max}
        disabled={disabled}
        onChange={(change) => {
          const typed = Number.parseInt(change.currentTarget.value, 10);
          onChange(Number.isNaN(typed) ? min : Math.min(max, Math.max(min, typed)));
        }}
      />
      <button
        type="button"
        className={styles.button}
        aria-label={t('stepper.more', { label })}
        disabled={disabled || more > max}
        onClick={() => onChange(Math.min(max, more))}
      >
        <IconPlus size={20} stroke={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}
