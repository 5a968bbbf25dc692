import { EVENT_CATEGORIES } from '@liventix/contracts/events';
import { CURRENCIES } from '@liventix/contracts/money';
import type { ReactNode } from 'react';
import { SelectField, SwitchField, TextArea, TextField } from '~/ui/field/field.tsx';
import styles from './event-editor.module.css';
import type { EventValues } from './event-values.rules.ts';
import {
  amountField,
  type Codec,
  choiceField,
  lineField,
  optional,
  orNothing,
  percentField,
  requiredField,
  textField,
  wholeField,
} from './fields.rules.ts';
import type { FormFields } from './form-fields.tsx';
import { LineUpEditor, type LineUpRow } from './line-up-editor.tsx';
import type { ZoneOption } from './zones.rules.ts';

type Form = FormFields<EventValues>;
type Choice = { value: string; label: string };

const MOST_FIXED_FEE_CENTS = 100_000;
const MOST_FEE_CAP_CENTS = 1_000_000;
const MOST_FEE_BPS = 5_000;

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2 className="t-section">{title}</h2>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}

interface ChoiceOptions {
  hint?: string | undefined;
  disabled?: boolean;
}

/** A list to choose from; where two choices stand against each other they are called as in the list. */
function choose<F extends keyof EventValues>(
  { bind }: Form,
  field: F,
  codec: Codec<EventValues[F]>,
  label: string,
  data: Choice[],
  { hint, ...options }: ChoiceOptions = {},
) {
  const say = (value: string) => data.find((each) => each.value === value)?.label ?? value;
  return (
    <SelectField {...bind(field, codec, { when: 'once', say, ...options })} label={label} hint={hint} data={data} />
  );
}

export function WhatPart({ form }: { form: Form }) {
  const { t, bind, stored } = form;
  return (
    <Part title={t('edit.basics')}>
      <TextField {...bind('title', requiredField)} label={t('edit.name')} maxLength={120} required />
      <TextField
        {...bind('summary', lineField)}
        label={t('edit.summary')}
        hint={t('edit.summary_hint')}
        maxLength={200}
      />
      <TextArea
        {...bind('description', textField)}
        label={t('edit.description')}
        hint={t('edit.description_hint')}
        autosize
        minRows={5}
        maxRows={18}
        maxLength={10_000}
      />
      {choose(form, 'category', orNothing<string>(), t('edit.category'), [
        { value: '', label: t('edit.category_none') },
        // Events of before may carry a word of their own.
        ...(stored.category && !EVENT_CATEGORIES.some((each) => each === stored.category)
          ? [{ value: stored.category, label: stored.category }]
          : []),
        ...EVENT_CATEGORIES.map((value) => ({ value: value as string, label: t(`categories.${value}`) })),
      ])}
    </Part>
  );
}

export function WhenPart({ form, zones }: { form: Form; zones: ZoneOption[] }) {
  const { t, bind, stored } = form;
  const time = (field: 'startLocal' | 'endLocal' | 'doorsLocal', label: string) => (
    <TextField
      {...bind(field, orNothing<string>(), { when: 'leaving', say: (value) => value.replace('T', ' ') })}
      label={label}
      type="datetime-local"
    />
  );
  const { timeZone } = stored;
  return (
    <Part title={t('edit.when')}>
      <div className={styles.pair}>
        {time('startLocal', t('edit.start'))}
        {time('endLocal', t('edit.end'))}
        {time('doorsLocal', t('edit.doors'))}
        <SelectField
          {...bind('timeZone', choiceField<string>(), { when: 'once' })}
          label={t('edit.zone')}
          data={zones.some(({ value }) => value === timeZone) ? zones : [timeZone, ...zones]}
        />
      </div>
      <p className="t-small ink-3">{t('edit.zone_hint')}</p>
    </Part>
  );
}

export function WherePart({ form: { t, bind } }: { form: Form }) {
  return (
    <Part title={t('edit.where')}>
      <div className={styles.pair}>
        <TextField {...bind('venue', lineField)} label={t('edit.venue')} maxLength={160} />
        <TextField {...bind('city', lineField)} label={t('edit.city')} maxLength={80} />
      </div>
      <TextField {...bind('address', lineField)} label={t('edit.address')} maxLength={240} />
      <TextField
        {...bind('onlineUrl', orNothing<string>(), { when: 'leaving' })}
        label={t('edit.online')}
        hint={t('edit.online_hint')}
        type="url"
        inputMode="url"
        placeholder="https://"
      />
    </Part>
  );
}

export function LineUpPart({ form: { t, edits, stored, trouble, disabled, typed } }: { form: Form }) {
  const error = trouble('lineUp', (value) => (value as { name: string }[]).map(({ name }) => name).join(', '));
  return (
    <Part title={t('edit.lineup')}>
      <LineUpEditor
        lineUp={stored.lineUp}
        typed={typed<LineUpRow[]>('lineUp')}
        disabled={disabled}
        onChange={(rows, lineUp) => edits.type('lineUp', rows, () => ({ value: lineUp }), 'typing')}
      />
      {error && <div className={styles.trouble}>{error}</div>}
    </Part>
  );
}

export function GoodPart({ form }: { form: Form }) {
  const { t, bind, toggle } = form;
  return (
    <Part title={t('edit.good')}>
      <div className={styles.pair}>
        <TextField
          {...bind('minAge', optional(wholeField(0, 99)))}
          label={t('edit.age')}
          type="number"
          inputMode="numeric"
          min={0}
          max={99}
        />
        {choose(form, 'refundPolicy', orNothing(), t('edit.refunds'), [
          { value: '', label: t('edit.refund_unsaid') },
          { value: 'none', label: t('edit.refund_none') },
          { value: 'until_1d', label: t('edit.refund_until_1d') },
          { value: 'until_7d', label: t('edit.refund_until_7d') },
          { value: 'until_start', label: t('edit.refund_until_start') },
        ])}
      </div>
      <TextArea
        {...bind('accessInfo', textField)}
        label={t('edit.access')}
        hint={t('edit.access_hint')}
        autosize
        minRows={2}
        maxLength={2000}
      />
      <SwitchField {...toggle('refundKeepsFees')} label={t('edit.keep_fees')} />
      <SwitchField {...toggle('resellRefunded')} label={t('edit.resell')} />
      <SwitchField {...toggle('postsByVerified')} label={t('edit.posts')} />
    </Part>
  );
}

export function SellingPart({ form, hasOrders }: { form: Form; hasOrders: boolean }) {
  const { t, bind, stored, toggle, disabled } = form;
  return (
    <Part title={t('edit.selling')}>
      <div className={styles.pair}>
        {choose(
          form,
          'visibility',
          choiceField(),
          t('edit.visibility'),
          [
            { value: 'public', label: t('edit.visibility_public') },
            { value: 'unlisted', label: t('edit.visibility_unlisted') },
            { value: 'private', label: t('edit.visibility_private') },
          ],
          { hint: stored.visibility === 'private' ? t('edit.private_hint') : undefined },
        )}
        {choose(form, 'availabilityDisplay', orNothing(), t('edit.display'), [
          { value: '', label: t('edit.display_auto') },
          { value: 'exact', label: t('edit.display_exact') },
          { value: 'low_only', label: t('edit.display_low_only') },
          { value: 'hidden', label: t('edit.display_hidden') },
        ])}
        <TextField
          {...bind('maxPerPerson', wholeField(1, 50))}
          label={t('edit.max_person')}
          type="number"
          inputMode="numeric"
          min={1}
          max={50}
        />
        {choose(
          form,
          'waitingRoom',
          choiceField(),
          t('edit.room'),
          [
            { value: 'by_itself', label: t('edit.room_by_itself') },
            { value: 'on', label: t('edit.room_on') },
            { value: 'off', label: t('edit.room_off') },
          ],
          { hint: t('edit.room_hint') },
        )}
        {choose(
          form,
          'currency',
          choiceField(),
          t('edit.currency'),
          CURRENCIES.map((value) => ({ value, label: value })),
          { hint: hasOrders ? t('edit.currency_fixed') : undefined, disabled: disabled || hasOrders },
        )}
      </div>
      <SwitchField {...toggle('taxIncluded')} label={t('edit.tax_included')} />
    </Part>
  );
}

export function FeesPart({ form, locked }: { form: Form; locked: boolean }) {
  const { t, bind, stored } = form;
  const options = { disabled: locked };
  return (
    <Part title={t('edit.fees')}>
      <div className={styles.pair}>
        <TextField
          {...bind('feeBps', percentField(MOST_FEE_BPS), options)}
          label={t('edit.fee_percent')}
          inputMode="decimal"
        />
        <TextField
          {...bind('feeFixedCents', amountField(stored.currency, MOST_FIXED_FEE_CENTS), options)}
          label={t('edit.fee_fixed')}
          inputMode="decimal"
        />
        <TextField
          {...bind('feeCapCents', optional(amountField(stored.currency, MOST_FEE_CAP_CENTS)), options)}
          label={t('edit.fee_cap')}
          inputMode="decimal"
        />
        {choose(
          form,
          'feePaidBy',
          choiceField(),
          t('edit.fee_payer'),
          [
            { value: 'buyer', label: t('edit.fee_buyer') },
            { value: 'organizer', label: t('edit.fee_organizer') },
          ],
          options,
        )}
      </div>
    </Part>
  );
}
