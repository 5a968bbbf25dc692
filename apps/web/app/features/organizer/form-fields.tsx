import { MINIMUM_CHARGE_CENTS } from '@liventix/contracts/money';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { formatDate, formatMoney } from '~/platform/format.ts';
import type { Edits, EditsView, Problem, When } from '~/platform/forms/edits.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import type { Codec } from './fields.rules.ts';
import styles from './form-fields.module.css';

type Change = { currentTarget: { value: string } };

export interface BindOptions {
  /** Default: `typing`. */
  when?: When;
  /** How a value is called where two stand against each other; by default as it stands in the control. */
  say?: (value: string) => string;
  disabled?: boolean;
}

/** Binds controls to the edits of a form: their value, what is wrong with it, and what somebody else wrote meanwhile. */
export function useFormFields<V extends object>(view: EditsView<V> & { edits: Edits<V> }, disabled = false) {
  const { t, i18n } = useOrganizerWords();
  const { edits, stored, typed, problems, conflicts } = view;

  const trouble = (field: keyof V, words: (value: unknown) => string): ReactNode => {
    const problem = problems.get(field);
    const conflict = conflicts.get(field);
    if (problem?.code === 'LOCAL_TIME_DOUBLED')
      return <Doubled problem={problem} onAnswer={(which) => edits.answer(field, { which })} />;
    if (problem) return problemWords(problem, t);
    if (!conflict) return undefined;
    return (
      <span className={styles.conflict}>
        {t('conflict.meanwhile')}
        <span className={styles.theirs}>{words(conflict.theirs) || t('conflict.empty')}</span>
        <span className={styles.choices}>
          <Button small onClick={() => edits.choose(field, 'mine')}>
            {t('conflict.mine')}
          </Button>
          <Button small onClick={() => edits.choose(field, 'theirs')}>
            {t('conflict.theirs')}
          </Button>
        </span>
      </span>
    );
  };

  return {
    t,
    locale: i18n.language,
    stored,
    edits,
    trouble,
    disabled,
    /** What stands in a control that keeps more than text; undefined while it is as stored. */
    typed: <T,>(field: keyof V) => typed.get(field) as T | undefined,
    bind<F extends keyof V & string>(field: F, { write, read }: Codec<V[F]>, options: BindOptions = {}) {
      const { when = 'typing', say = (value: string) => value } = options;
      return {
        name: field,
        disabled: options.disabled ?? disabled,
        error: trouble(field, (value) => say(write(value as V[F]))),
        value: typed.has(field) ? String(typed.get(field)) : write(stored[field]),
        onChange: ({ currentTarget: { value } }: Change) => edits.type(field, value, read, when),
        onBlur: () => edits.leave(field),
      };
    },
    toggle<F extends keyof V & string>(field: F) {
      return {
        name: field,
        disabled,
        error: trouble(field, (value) => t(value ? 'yes' : 'no')),
        checked: (typed.has(field) ? typed.get(field) : stored[field]) === true,
        onChange: ({ currentTarget: { checked } }: { currentTarget: { checked: boolean } }) =>
          edits.type(field, checked, () => ({ value: checked as V[F] })),
      };
    },
  };
}

export type FormFields<V extends object> = ReturnType<typeof useFormFields<V>>;

function Doubled({ problem, onAnswer }: { problem: Problem; onAnswer: (which: 'earlier' | 'later') => void }) {
  const { t, i18n } = useOrganizerWords();
  const choices = (problem.details.choices as number[] | undefined) ?? [];
  return (
    <span className={styles.choices}>
      {t('edit.doubled', { time: String(problem.details.local ?? '').slice(11) })}
      {choices.map((at, index) => (
        <Button key={at} small onClick={() => onAnswer(index === 0 ? 'earlier' : 'later')}>
          {t(index === 0 ? 'edit.doubled_1' : 'edit.doubled_2')} ({formatDate(at, 'UTC', 'time', i18n.language)} UTC)
        </Button>
      ))}
    </span>
  );
}

const ORDER = ['after_start', 'before_start', 'day_before', 'sales_end', 'most_per_order', 'web_address'] as const;

/** What is wrong, with the bounds where there are some. */
export function problemWords({ code, words, details }: Problem, t: TFunction<'organizer'>): string {
  if (code === 'FIELD') return t(`field.${details.key as 'required'}`, details);
  if (code === 'NOT_FOUND') return t('conflict.gone');
  if (code === 'EVENT_NOT_READY') return t('edit.error_ready');
  if (code === 'TIER_QUANTITY_TOO_LOW' && typeof details.taken === 'number')
    return t('tiers.quantity_hint', { count: details.taken });
  if (code === 'TIER_PRICE_INVALID' && typeof details.tier === 'string') {
    const currency = String(details.currency);
    if (details.cents) return t('field.tier_cents', { tier: details.tier, currency });
    return t('field.tier_price', {
      tier: details.tier,
      min: formatMoney(MINIMUM_CHARGE_CENTS[currency] ?? 0, currency),
      currency,
    });
  }
  if (code !== 'INPUT_INVALID') return words ?? t('edit.error_any');
  const issue = (details.issues as { message?: string }[] | undefined)?.[0];
  const order = ORDER.find((each) => each === issue?.message);
  return t(order ? `edit.error_${order}` : 'edit.error_any');
}
