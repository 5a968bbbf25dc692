import { EVENT_CATEGORIES } from '@liventix/contracts/events';
import { CURRENCIES } from '@liventix/contracts/money';
import type { OrganizerEventView } from '@liventix/contracts/organizer';
import { useOutletContext } from '@remix-run/react';
import { IconCheck, IconCloudOff, IconExternalLink } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { formatDate } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { SelectField, SwitchField, TextArea, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { parseAmount, writeAmount } from './amounts.rules.ts';
import styles from './event-editor.module.css';
import type { EventShellContext } from './event-shell.tsx';
import { LineUpEditor } from './line-up-editor.tsx';
import { PosterPicker } from './poster-picker.tsx';
import { ReadinessPanel } from './readiness-panel.tsx';
import { type EventPatch, useAutosave } from './use-autosave.ts';

type Field = keyof EventPatch;

/** An event as its team writes it. Nothing is sent by a button: what is typed is saved, and the page says so. */
export function EventEditor({ initial, zones }: { initial: OrganizerEventView; zones: string[] }) {
  const { t, i18n } = useOrganizerWords();
  const { may } = useOutletContext<EventShellContext>();
  const [event, setEvent] = useState(initial);
  const { state, problems, save } = useAutosave(initial.id, setEvent);
  const locked = !may('events');
  const feesLocked = locked || !may('money');

  const errorOf = (field: Field): ReactNode => {
    const problem = problems[field];
    if (!problem) return undefined;
    if (problem.code === 'LOCAL_TIME_DOUBLED') {
      const choices = (problem.details.choices as number[] | undefined) ?? [];
      return (
        <span className={styles.doubled}>
          {t('edit.doubled', { time: String(problem.details.local ?? '').slice(11) })}
          {choices.map((at, index) => (
            <Button key={at} small onClick={() => save({ ...problem.patch, which: index === 0 ? 'earlier' : 'later' })}>
              {t(index === 0 ? 'edit.doubled_1' : 'edit.doubled_2')} ({formatDate(at, 'UTC', 'time', i18n.language)}{' '}
              UTC)
            </Button>
          ))}
        </span>
      );
    }
    if (problem.code === 'EVENT_NOT_READY') return t('edit.error_ready');
    const issues = problem.details.issues as { message?: string }[] | undefined;
    const message = issues?.[0]?.message;
    if (message === 'after_start' || message === 'before_start' || message === 'day_before')
      return t(`edit.error_${message}`);
    return problem.code === 'INPUT_INVALID' ? t('edit.error_any') : (problem.words ?? t('edit.error_any'));
  };
  const shared = (field: Field) => ({ name: field, error: errorOf(field), disabled: locked });
  const text = (field: 'title' | 'summary' | 'description' | 'venue' | 'address' | 'city' | 'accessInfo') => ({
    ...shared(field),
    defaultValue: initial[field] ?? '',
    onChange: (change: { currentTarget: { value: string } }) =>
      save({ [field]: change.currentTarget.value }, { soon: true }),
  });
  const time = (field: 'startLocal' | 'endLocal' | 'doorsLocal') => ({
    ...shared(field),
    type: 'datetime-local',
    defaultValue: event[field] ?? '',
    onBlur: (change: { currentTarget: { value: string } }) => {
      const next = change.currentTarget.value.slice(0, 16) || null;
      if (next !== event[field] || problems[field]) save({ [field]: next });
    },
  });
  const toggle = (field: 'refundKeepsFees' | 'resellRefunded' | 'taxIncluded' | 'postsByVerified', label: string) => (
    <SwitchField
      {...shared(field)}
      label={label}
      checked={event[field]}
      onChange={(change) => {
        const checked = change.currentTarget.checked;
        setEvent((now) => ({ ...now, [field]: checked }));
        save({ [field]: checked });
      }}
    />
  );
  const choose = (
    field: Field,
    value: string,
    data: { value: string; label: string }[],
    label: string,
    hint?: string,
  ) => (
    <SelectField
      {...shared(field)}
      label={label}
      hint={hint}
      defaultValue={value}
      data={data}
      onChange={(change) => save({ [field]: change.currentTarget.value || null } as EventPatch)}
    />
  );
  const number = (field: 'minAge' | 'maxPerPerson', label: string, most: number) => (
    <TextField
      {...shared(field)}
      label={label}
      type="number"
      inputMode="numeric"
      min={0}
      max={most}
      defaultValue={initial[field] ?? ''}
      onChange={(change) => {
        const typed = change.currentTarget.value;
        if (typed === '' && field === 'maxPerPerson') return;
        save({ [field]: typed === '' ? null : Number(typed) } as EventPatch, { soon: true });
      }}
    />
  );

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className="t-page">{t('edit.heading')}</h1>
        <p className={styles.state} data-state={state} role="status">
          {state === 'saved' && <IconCheck size={18} stroke={2} aria-hidden />}
          {state === 'offline' && <IconCloudOff size={18} stroke={1.75} aria-hidden />}
          {t(
            state === 'saved'
              ? 'edit.saved'
              : state === 'saving'
                ? 'edit.saving'
                : state === 'offline'
                  ? 'edit.offline'
                  : 'edit.not_saved',
          )}
        </p>
      </header>
      <div className={styles.columns}>
        <div className={styles.form}>
          <Part title={t('edit.basics')}>
            <TextField {...text('title')} label={t('edit.name')} maxLength={120} required />
            <TextField {...text('summary')} label={t('edit.summary')} hint={t('edit.summary_hint')} maxLength={200} />
            <TextArea
              {...text('description')}
              label={t('edit.description')}
              hint={t('edit.description_hint')}
              autosize
              minRows={5}
              maxRows={18}
              maxLength={10_000}
            />
            {choose(
              'category',
              initial.category ?? '',
              [
                { value: '', label: t('edit.category_none') },
                // Events of before may carry a word of their own.
                ...(initial.category && !EVENT_CATEGORIES.some((each) => each === initial.category)
                  ? [{ value: initial.category, label: initial.category }]
                  : []),
                ...EVENT_CATEGORIES.map((value) => ({ value: value as string, label: t(`categories.${value}`) })),
              ],
              t('edit.category'),
            )}
          </Part>
          <Part title={t('edit.when')}>
            <div className={styles.pair}>
              <TextField {...time('startLocal')} label={t('edit.start')} />
              {/* A start that moves takes both along. */}
              <TextField key={`end ${event.endLocal}`} {...time('endLocal')} label={t('edit.end')} />
              <TextField key={`doors ${event.doorsLocal}`} {...time('doorsLocal')} label={t('edit.doors')} />
              <SelectField
                {...shared('timeZone')}
                label={t('edit.zone')}
                defaultValue={initial.timeZone}
                data={zones.includes(initial.timeZone) ? zones : [initial.timeZone, ...zones]}
                onChange={(change) => save({ timeZone: change.currentTarget.value })}
              />
            </div>
            <p className="t-small ink-3">{t('edit.zone_hint')}</p>
          </Part>
          <Part title={t('edit.where')}>
            <div className={styles.pair}>
              <TextField {...text('venue')} label={t('edit.venue')} maxLength={160} />
              <TextField {...text('city')} label={t('edit.city')} maxLength={80} />
            </div>
            <TextField {...text('address')} label={t('edit.address')} maxLength={240} />
            <TextField
              {...shared('onlineUrl')}
              label={t('edit.online')}
              hint={t('edit.online_hint')}
              type="url"
              inputMode="url"
              defaultValue={initial.onlineUrl ?? ''}
              placeholder="https://"
              onBlur={(change) => {
                const next = change.currentTarget.value.trim() || null;
                if (next !== event.onlineUrl || problems.onlineUrl) save({ onlineUrl: next });
              }}
            />
          </Part>
          <Part title={t('edit.lineup')}>
            <LineUpEditor
              initial={initial.lineUp}
              disabled={locked}
              onChange={(lineUp) => save({ lineUp }, { soon: true })}
            />
          </Part>
          <Part title={t('edit.good')}>
            <div className={styles.pair}>
              {number('minAge', t('edit.age'), 99)}
              {choose(
                'refundPolicy',
                initial.refundPolicy ?? '',
                [
                  { value: '', label: t('edit.refund_unsaid') },
                  { value: 'none', label: t('edit.refund_none') },
                  { value: 'until_1d', label: t('edit.refund_until_1d') },
                  { value: 'until_7d', label: t('edit.refund_until_7d') },
                  { value: 'until_start', label: t('edit.refund_until_start') },
                ],
                t('edit.refunds'),
              )}
            </div>
            <TextArea
              {...text('accessInfo')}
              label={t('edit.access')}
              hint={t('edit.access_hint')}
              autosize
              minRows={2}
              maxLength={2000}
            />
            {toggle('refundKeepsFees', t('edit.keep_fees'))}
            {toggle('resellRefunded', t('edit.resell'))}
            {toggle('postsByVerified', t('edit.posts'))}
          </Part>
          <Part title={t('edit.selling')}>
            <div className={styles.pair}>
              {choose(
                'visibility',
                initial.visibility,
                [
                  { value: 'public', label: t('edit.visibility_public') },
                  { value: 'unlisted', label: t('edit.visibility_unlisted') },
                  { value: 'private', label: t('edit.visibility_private') },
                ],
                t('edit.visibility'),
              )}
              {choose(
                'availabilityDisplay',
                initial.availabilityDisplay ?? '',
                [
                  { value: '', label: t('edit.display_auto') },
                  { value: 'exact', label: t('edit.display_exact') },
                  { value: 'low_only', label: t('edit.display_low_only') },
                  { value: 'hidden', label: t('edit.display_hidden') },
                ],
                t('edit.display'),
              )}
              {number('maxPerPerson', t('edit.max_person'), 50)}
              {choose(
                'waitingRoom',
                initial.waitingRoom,
                [
                  { value: 'by_itself', label: t('edit.room_by_itself') },
                  { value: 'on', label: t('edit.room_on') },
                  { value: 'off', label: t('edit.room_off') },
                ],
                t('edit.room'),
                t('edit.room_hint'),
              )}
              <SelectField
                {...shared('currency')}
                disabled={locked || event.hasOrders}
                label={t('edit.currency')}
                hint={event.hasOrders ? t('edit.currency_fixed') : undefined}
                defaultValue={initial.currency}
                data={CURRENCIES}
                onChange={(change) => save({ currency: change.currentTarget.value })}
              />
            </div>
            {toggle('taxIncluded', t('edit.tax_included'))}
          </Part>
          {may('events.see') && (
            <Part title={t('edit.fees')}>
              <div className={styles.pair}>
                <TextField
                  {...shared('feeBps')}
                  disabled={feesLocked}
                  label={t('edit.fee_percent')}
                  inputMode="decimal"
                  defaultValue={String(initial.fees.feeBps / 100)}
                  onChange={(change) => {
                    const bps = Math.round(Number(change.currentTarget.value.replace(',', '.')) * 100);
                    if (Number.isInteger(bps) && bps >= 0 && bps <= 5000) save({ feeBps: bps }, { soon: true });
                  }}
                />
                <TextField
                  {...shared('feeFixedCents')}
                  disabled={feesLocked}
                  label={t('edit.fee_fixed')}
                  inputMode="decimal"
                  defaultValue={writeAmount(initial.fees.feeFixedCents, event.currency)}
                  onChange={(change) => {
                    const cents = parseAmount(change.currentTarget.value, event.currency);
                    if (cents !== null) save({ feeFixedCents: cents }, { soon: true });
                  }}
                />
                <TextField
                  {...shared('feeCapCents')}
                  disabled={feesLocked}
                  label={t('edit.fee_cap')}
                  inputMode="decimal"
                  defaultValue={
                    initial.fees.feeCapCents === null ? '' : writeAmount(initial.fees.feeCapCents, event.currency)
                  }
                  onChange={(change) => {
                    const typed = change.currentTarget.value.trim();
                    const cents = typed === '' ? null : parseAmount(typed, event.currency);
                    if (typed === '' || cents !== null) save({ feeCapCents: cents }, { soon: true });
                  }}
                />
                <SelectField
                  {...shared('feePaidBy')}
                  disabled={feesLocked}
                  label={t('edit.fee_payer')}
                  defaultValue={initial.fees.feePaidBy}
                  data={[
                    { value: 'buyer', label: t('edit.fee_buyer') },
                    { value: 'organizer', label: t('edit.fee_organizer') },
                  ]}
                  onChange={(change) => save({ feePaidBy: change.currentTarget.value as 'buyer' | 'organizer' })}
                />
              </div>
            </Part>
          )}
        </div>
        <div className={styles.side}>
          {event.status === 'draft' && <ReadinessPanel event={event} disabled={locked} onChange={setEvent} />}
          <PosterPicker event={event} disabled={locked} onChange={setEvent} />
          <ButtonLink
            plain
            full
            to={paths.event(event.slug)}
            target="_blank"
            rel="noreferrer"
            icon={<IconExternalLink size={20} stroke={1.75} aria-hidden />}
          >
            {t('edit.preview')}
          </ButtonLink>
          {event.status === 'draft' && <p className="t-small ink-3">{t('edit.preview_draft')}</p>}
          {event.status !== 'draft' && <ReadinessPanel event={event} disabled={locked} onChange={setEvent} />}
          {state === 'offline' && (
            <Notice tone="warn" role="status">
              {t('edit.offline')}
            </Notice>
          )}
        </div>
      </div>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2 className="t-section">{title}</h2>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}
