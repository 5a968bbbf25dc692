import type { OrganizerEventView, OrganizerTier } from '@liventix/contracts/organizer';
import { type FormEvent, useId, useState } from 'react';
import { formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextArea, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { parseAmount, writeAmount } from './amounts.rules.ts';
import styles from './tiers-editor.module.css';

export interface TierFormProps {
  event: OrganizerEventView;
  tier: OrganizerTier | 'new' | null;
  onClose: () => void;
  onSaved: (tiers: OrganizerTier[]) => void;
}

interface Problem {
  field: string | null;
  words: string;
  choices?: { at: number; which: 'earlier' | 'later' }[];
}

/** One kind of ticket: new or changed. */
export function TierForm({ event, tier, onClose, onSaved }: TierFormProps) {
  const { t, i18n } = useOrganizerWords();
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [which, setWhich] = useState<'earlier' | 'later' | undefined>();
  const old = tier === 'new' || tier === null ? null : tier;
  const taken = old ? old.issued + old.reserved : 0;
  const error = (field: string) => (problem?.field === field ? problem.words : undefined);

  const save = async (submit: FormEvent<HTMLFormElement>) => {
    submit.preventDefault();
    const form = new FormData(submit.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const priceCents = parseAmount(text('price'), event.currency);
    const quantity = Number(text('quantity'));
    const taxRateBps = Math.round(Number(text('tax').replace(',', '.') || '0') * 100);
    if (priceCents === null) return setProblem({ field: 'priceCents', words: t('tiers.error_number') });
    if (!Number.isInteger(quantity)) return setProblem({ field: 'quantity', words: t('tiers.error_number') });
    if (!Number.isInteger(taxRateBps)) return setProblem({ field: 'taxRateBps', words: t('tiers.error_number') });
    const input = {
      name: text('name'),
      description: text('description'),
      priceCents,
      quantity,
      taxRateBps,
      salesStartLocal: text('start').slice(0, 16) || null,
      salesEndLocal: text('end').slice(0, 16) || null,
      minPerOrder: Number(text('min')) || 1,
      maxPerOrder: Number(text('max')) || 10,
      ...(which ? { which } : {}),
    };
    setBusy(true);
    setProblem(null);
    try {
      onSaved(
        old
          ? await trpc.organizer.tiers.update.mutate({ tierId: old.id, ...input })
          : await trpc.organizer.tiers.create.mutate({ eventId: event.id, ...input }),
      );
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  const problemOf = (thrown: unknown): Problem => {
    const { code, words, details } = readError(thrown);
    if (code === 'OFFLINE') return { field: null, words: t('errors.offline') };
    const issues = details.issues as { path?: PropertyKey[] }[] | undefined;
    const named = typeof details.field === 'string' ? details.field : String(issues?.[0]?.path?.[0] ?? '');
    const field =
      code === 'TIER_PRICE_INVALID' ? 'priceCents' : code === 'TIER_QUANTITY_TOO_LOW' ? 'quantity' : named || null;
    const choices = (details.choices as number[] | undefined)?.map((at, index) => ({
      at,
      which: index === 0 ? ('earlier' as const) : ('later' as const),
    }));
    return {
      field,
      words: code === 'INPUT_INVALID' ? t('edit.error_any') : (words ?? t('errors.any')),
      ...(choices ? { choices } : {}),
    };
  };

  return (
    <Sheet
      open={tier !== null}
      onClose={onClose}
      title={old ? t('tiers.edit_title', { name: old.name }) : t('tiers.add_title')}
      width={560}
      footer={
        <Button type="submit" form={id} tone="primary" full busy={busy} busyWords={t('tiers.saving')}>
          {t('tiers.save')}
        </Button>
      }
    >
      <form id={id} onSubmit={save} className={styles.form}>
        {problem && !problem.choices && problem.field === null && (
          <Notice tone="bad" role="alert">
            {problem.words}
          </Notice>
        )}
        {problem?.choices && (
          <Notice tone="warn" role="alert">
            {problem.words}
            <span className={styles.choices}>
              {problem.choices.map((choice) => (
                <Button key={choice.which} small type="submit" form={id} onClick={() => setWhich(choice.which)}>
                  {t(choice.which === 'earlier' ? 'edit.doubled_1' : 'edit.doubled_2')} (
                  {formatDate(choice.at, 'UTC', 'time', i18n.language)} UTC)
                </Button>
              ))}
            </span>
          </Notice>
        )}
        <TextField
          label={t('tiers.name')}
          name="name"
          defaultValue={old?.name}
          required
          maxLength={80}
          error={error('name')}
          data-autofocus
        />
        <TextArea
          label={t('tiers.description')}
          name="description"
          defaultValue={old?.description}
          maxLength={500}
          autosize
          minRows={2}
          error={error('description')}
        />
        <div className={styles.pair}>
          <TextField
            label={t('tiers.price', { currency: event.currency })}
            hint={t('tiers.price_hint')}
            name="price"
            inputMode="decimal"
            defaultValue={old ? writeAmount(old.priceCents, event.currency) : ''}
            required
            error={error('priceCents')}
          />
          <TextField
            label={t('tiers.quantity')}
            hint={taken > 0 ? t('tiers.quantity_hint', { count: taken }) : undefined}
            name="quantity"
            type="number"
            inputMode="numeric"
            min={0}
            max={200_000}
            defaultValue={old?.quantity}
            required
            error={error('quantity')}
          />
          <TextField
            label={t('tiers.start')}
            name="start"
            type="datetime-local"
            defaultValue={old?.salesStartLocal ?? ''}
            error={error('salesStartLocal')}
            onChange={() => setWhich(undefined)}
          />
          <TextField
            label={t('tiers.end')}
            name="end"
            type="datetime-local"
            defaultValue={old?.salesEndLocal ?? ''}
            error={error('salesEndLocal')}
            onChange={() => setWhich(undefined)}
          />
        </div>
        <p className="t-small ink-3">{t('tiers.window_hint')}</p>
        <div className={styles.triple}>
          <TextField
            label={t('tiers.min')}
            name="min"
            type="number"
            inputMode="numeric"
            min={1}
            max={50}
            defaultValue={old?.minPerOrder ?? 1}
            error={error('minPerOrder')}
          />
          <TextField
            label={t('tiers.max')}
            name="max"
            type="number"
            inputMode="numeric"
            min={1}
            max={50}
            defaultValue={old?.maxPerOrder ?? 10}
            error={error('maxPerOrder')}
          />
          <TextField
            label={t('tiers.tax')}
            name="tax"
            inputMode="decimal"
            defaultValue={String((old?.taxRateBps ?? 0) / 100)}
            error={error('taxRateBps')}
          />
        </div>
      </form>
    </Sheet>
  );
}
