import type { OrganizerEventView, OrganizerTier } from '@liventix/contracts/organizer';
import { type FormEvent, useEffect, useId } from 'react';
import { useEdits } from '~/platform/forms/use-edits.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextArea, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { type TierValues, tierValues } from './event-values.rules.ts';
import { orNothing, percentField, priceField, requiredField, textField, wholeField } from './fields.rules.ts';
import { useFormFields } from './form-fields.tsx';
import styles from './tiers-editor.module.css';

export interface TierFormProps {
  event: OrganizerEventView;
  /** As it is stored now; null for a new one. */
  tier: OrganizerTier | null;
  open: boolean;
  onClose: () => void;
  onSaved: (tiers: OrganizerTier[]) => void;
}

/** Fields that stand side by side keep their controls level: a hint of one goes under its control. */
const HINT_BELOW: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];
const MOST_PLACES = 200_000;
const MOST_PER_ORDER = 50;
const MOST_TAX_BPS = 5_000;

/** One kind of ticket: new or changed. Only what was changed is sent. */
export function TierForm({ event, tier, open, onClose, onSaved }: TierFormProps) {
  const { t } = useOrganizerWords();
  const id = useId();
  const stored = tierValues(tier);
  const listed = (tiers: OrganizerTier[]) => {
    onSaved(tiers);
    return tierValues(tiers.find((each) => each.id === tier?.id) ?? null);
  };
  const view = useEdits<TierValues>({
    stored,
    auto: false,
    send: async (change, edition, answers) => {
      if (tier)
        return listed(await trpc.organizer.tiers.update.mutate({ tierId: tier.id, edition, ...change, ...answers }));
      const { edition: _new, ...blank } = stored;
      const tiers = await trpc.organizer.tiers.create.mutate({ eventId: event.id, ...blank, ...change, ...answers });
      onSaved(tiers);
      return { ...stored, ...change };
    },
    current: ({ current }) => (current ? listed(current as OrganizerTier[]) : null),
  });
  const { edits, state, conflicts } = view;
  const { bind } = useFormFields(view);
  useEffect(() => {
    if (tier) edits.adopt(tierValues(tier));
  }, [edits, tier]);

  const save = async (submit: FormEvent<HTMLFormElement>) => {
    submit.preventDefault();
    if (await edits.submit()) onClose();
  };
  const taken = tier ? tier.issued + tier.reserved : 0;
  const perOrder = wholeField(1, MOST_PER_ORDER);

  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={tier ? t('tiers.edit_title', { name: tier.name }) : t('tiers.add_title')}
      width={600}
      footer={
        <Button type="submit" form={id} tone="primary" full busy={state === 'saving'} busyWords={t('tiers.saving')}>
          {t('tiers.save')}
        </Button>
      }
    >
      <form id={id} onSubmit={save} className={styles.form}>
        {state === 'offline' && (
          <Notice tone="bad" role="alert">
            {t('errors.offline')}
          </Notice>
        )}
        {conflicts.size > 0 && (
          <Notice tone="warn" role="alert">
            {t('conflict.sheet')}
          </Notice>
        )}
        <TextField {...bind('name', requiredField)} label={t('tiers.name')} required maxLength={80} data-autofocus />
        <TextArea
          {...bind('description', textField)}
          label={t('tiers.description')}
          maxLength={500}
          autosize
          minRows={2}
        />
        <div className={styles.pair}>
          <TextField
            {...bind('priceCents', priceField(event.currency), { when: 'leaving' })}
            label={t('tiers.price', { currency: event.currency })}
            hint={t('tiers.price_hint')}
            inputWrapperOrder={HINT_BELOW}
            inputMode="decimal"
            required
          />
          <TextField
            {...bind('quantity', wholeField(0, MOST_PLACES), { when: 'leaving' })}
            label={t('tiers.quantity')}
            hint={taken > 0 ? t('tiers.quantity_hint', { count: taken }) : undefined}
            inputWrapperOrder={HINT_BELOW}
            inputMode="numeric"
            required
          />
          <TextField
            {...bind('salesStartLocal', orNothing<string>(), { when: 'leaving' })}
            label={t('tiers.start')}
            type="datetime-local"
          />
          <TextField
            {...bind('salesEndLocal', orNothing<string>(), { when: 'leaving' })}
            label={t('tiers.end')}
            type="datetime-local"
          />
        </div>
        <p className="t-small ink-3">{t('tiers.window_hint')}</p>
        <div className={styles.triple}>
          <TextField
            {...bind('minPerOrder', perOrder, { when: 'leaving' })}
            label={t('tiers.min')}
            inputMode="numeric"
          />
          <TextField
            {...bind('maxPerOrder', perOrder, { when: 'leaving' })}
            label={t('tiers.max')}
            inputMode="numeric"
          />
          <TextField
            {...bind('taxRateBps', percentField(MOST_TAX_BPS), { when: 'leaving' })}
            label={t('tiers.tax')}
            inputMode="decimal"
          />
        </div>
      </form>
    </Sheet>
  );
}
