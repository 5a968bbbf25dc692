import type { OrganizerOrderView } from '@liventix/contracts/organizer';
import { useState } from 'react';
import { formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { CheckField, SelectField, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './lists.module.css';
import { errorWords } from './say-error.ts';

const REASONS = ['requested', 'duplicate', 'fraud', 'goodwill'] as const;

export interface RefundSheetProps {
  order: OrganizerOrderView;
  open: boolean;
  onClose: () => void;
  onDone: (order: OrganizerOrderView) => void;
}

/** Asks before a whole order's money goes back, and says the exact amount on the button. */
export function RefundSheet({ order, open, onClose, onDone }: RefundSheetProps) {
  const { t, i18n } = useOrganizerWords();
  const [reason, setReason] = useState<(typeof REASONS)[number]>('requested');
  const [note, setNote] = useState('');
  const [keepFees, setKeepFees] = useState(order.keepsFees);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const owes = order.owedCents > 0 && order.status !== 'paid';
  const canKeep = order.keepsFees && order.feesCents > 0 && !owes;
  const cents = canKeep && keepFees ? order.refundableWithoutFeesCents : order.refundableCents;
  const amount = formatMoney(cents, order.event.currency, { locale: i18n.language });
  const free = order.refundableCents === 0;
  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      onDone(
        await trpc.organizer.refundOrder.mutate({
          orderId: order.id,
          reason,
          keepFees: canKeep && keepFees,
          ...(note.trim() ? { note: note.trim() } : {}),
        }),
      );
      onClose();
      toast({ words: free ? t('order.refund_done_free') : t('order.refund_done', { amount }), tone: 'ok' });
    } catch (error) {
      setProblem(errorWords(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={free ? t('order.refund_title_free') : t('order.refund_title', { amount })}
      footer={
        <Button tone="danger" full busy={busy} busyWords={t('order.refund_busy')} onClick={run}>
          {free ? t('order.refund_go_free') : t('order.refund_go', { amount })}
        </Button>
      }
    >
      <div className={styles.form}>
        {problem && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
        <p>{t(owes ? 'order.refund_owed' : free ? 'order.refund_free' : 'order.refund_words')}</p>
        <SelectField
          label={t('order.refund_reason')}
          value={reason}
          data={REASONS.map((value) => ({ value, label: t(`order.reason_${value}`) }))}
          onChange={(change) => {
            const next = change.currentTarget.value;
            setReason(REASONS.find((each) => each === next) ?? 'requested');
          }}
        />
        <TextField
          label={t('order.refund_note')}
          value={note}
          maxLength={500}
          onChange={(change) => setNote(change.currentTarget.value)}
        />
        {canKeep && (
          <CheckField
            label={t('order.refund_keep')}
            checked={keepFees}
            onChange={(change) => setKeepFees(change.currentTarget.checked)}
          />
        )}
      </div>
    </Sheet>
  );
}
