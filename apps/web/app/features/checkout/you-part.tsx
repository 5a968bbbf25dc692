import type { CheckoutView } from '@liventix/contracts/orders';
import { Link, useFetcher } from '@remix-run/react';
import { IconChevronDown } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useCheckoutWords } from '~/platform/i18n/checkout.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Button } from '~/ui/button/button.tsx';
import { SwitchField, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import type { CheckoutAnswer } from './act-on-checkout.server.ts';
import styles from './checkout.module.css';
import { emailHint } from './email-hint.rules.ts';
import { type KeptWords, keepWords, readKeptWords } from './kept-words.ts';
import { Part } from './part.tsx';
import { placeCount } from './places.rules.ts';

export interface YouPartProps {
  view: CheckoutView;
  /** What a plain post was answered with, before JavaScript. */
  answer?: CheckoutAnswer | undefined;
  busy: boolean;
}

function wordsOf(view: CheckoutView, actor: ReturnType<typeof useRoot>['actor']): KeptWords {
  const { order } = view;
  if (order)
    return { name: order.name, email: order.email, showFirstName: order.showFirstName, names: order.attendeeNames };
  const known = actor && !actor.isAnonymous ? actor : null;
  return { name: known?.name ?? '', email: known?.email ?? '', showFirstName: false, names: {} };
}

/** 2: who gets the tickets. One short form; once sent it folds to a line. */
export function YouPart({ view, answer, busy }: YouPartProps) {
  const { t } = useCheckoutWords();
  const { actor } = useRoot();
  const fetcher = useFetcher<CheckoutAnswer>({ key: 'details' });
  const [words, setWords] = useState(() => ({ ...wordsOf(view, actor), ...answer?.typed }));
  const [editing, setEditing] = useState(view.order === null);
  const [hint, setHint] = useState<string | null>(null);
  const sending = fetcher.state !== 'idle';
  const said = fetcher.data ?? answer;
  const eventId = view.event.id;
  const free = view.totalCents === 0;
  const form = useRef<HTMLFormElement>(null);

  // What was typed before a lapse comes back; an order that exists knows better.
  useEffect(() => {
    if (view.order) return;
    const kept = readKeptWords(eventId);
    if (kept) setWords((now) => ({ ...kept, name: kept.name || now.name, email: kept.email || now.email }));
  }, [eventId, view.order]);
  const write = (change: Partial<KeptWords>) => {
    setWords((before) => {
      const next = { ...before, ...change };
      keepWords(eventId, next);
      return next;
    });
  };

  const done = fetcher.data?.ok === true && fetcher.state === 'idle';
  useEffect(() => {
    if (done && view.order) setEditing(false);
  }, [done, view.order]);
  const wrong = said?.fields;
  useEffect(() => {
    if (!wrong) return;
    form.current?.querySelector<HTMLInputElement>(wrong.name ? '[name=name]' : '[name=email]')?.focus();
  }, [wrong]);

  if (!editing && view.order) {
    return (
      <Part n={2} title={t('you.title')}>
        <div className={styles.folded}>
          <p>
            <span className="t-strong">{view.order.name}</span>
            <br />
            <span className="ink-2">{view.order.email}</span>
          </p>
          <Button tone="quiet" small onClick={() => setEditing(true)} disabled={busy}>
            {t('you.change')}
          </Button>
        </div>
      </Part>
    );
  }
  const firstName = words.name.trim().split(/\s+/)[0] || t('you.someone');
  return (
    <Part n={2} title={t('you.title')}>
      {(!actor || actor.isAnonymous) && (
        <p className="t-small ink-2">
          {t('you.as_guest')}{' '}
          <Link className="link" to={paths.signIn(paths.checkout(view.checkoutId))}>
            {t('you.sign_in')}
          </Link>
        </p>
      )}
      <fetcher.Form
        method="post"
        action={paths.checkout(view.checkoutId)}
        className={styles.form}
        ref={form}
        noValidate
      >
        <input type="hidden" name="intent" value="details" />
        <TextField
          name="name"
          label={t('you.name')}
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={120}
          value={words.name}
          onChange={(change) => write({ name: change.currentTarget.value })}
          error={wrong?.name ? t('you.errors.name') : undefined}
        />
        <div>
          <TextField
            name="email"
            type="email"
            label={t('you.email')}
            hint={t('you.email_hint')}
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            maxLength={254}
            value={words.email}
            onChange={(change) => write({ email: change.currentTarget.value })}
            onBlur={(leave) => setHint(emailHint(leave.currentTarget.value.trim()))}
            error={wrong?.email ? t('you.errors.email') : undefined}
          />
          <p className={styles.hint} role="status">
            {hint && hint !== words.email && (
              <>
                {t('you.did_you_mean', { email: hint })}{' '}
                <button
                  type="button"
                  className={styles.textButton}
                  onClick={() => {
                    write({ email: hint });
                    setHint(null);
                  }}
                >
                  {t('you.use_it')}
                </button>
              </>
            )}
          </p>
        </div>
        <details
          className={styles.names}
          open={Object.values(words.names).some((names) => names.some(Boolean)) || undefined}
        >
          <summary>
            {t('you.names')}
            <IconChevronDown className={styles.chevron} size={20} stroke={1.75} aria-hidden />
          </summary>
          <p className="t-small ink-2">{t('you.names_note')}</p>
          {view.lines.flatMap((line) =>
            Array.from({ length: line.quantity }, (_, index) => (
              <TextField
                key={`${line.tierId}:${index}`}
                name={`n:${line.tierId}`}
                label={t('you.ticket_name', { tier: line.name, n: index + 1 })}
                autoComplete="off"
                maxLength={120}
                value={words.names[line.tierId]?.[index] ?? ''}
                onChange={(change) => {
                  const names = Array.from({ length: line.quantity }, (_n, at) => words.names[line.tierId]?.[at] ?? '');
                  names[index] = change.currentTarget.value;
                  write({ names: { ...words.names, [line.tierId]: names } });
                }}
              />
            )),
          )}
        </details>
        <SwitchField
          name="show"
          label={t('you.show')}
          hint={t('you.show_hint', { name: firstName, count: placeCount(view) })}
          checked={words.showFirstName}
          onChange={(change) => write({ showFirstName: change.currentTarget.checked })}
        />
        {said?.refusal && !sending && (
          <Notice tone="warn" role="alert">
            {said.refusal.words}
          </Notice>
        )}
        <Button
          type="submit"
          tone="primary"
          full
          busy={sending}
          busyWords={free ? t('you.getting') : t('you.going_on')}
          disabled={busy}
        >
          {free ? t('you.get', { count: placeCount(view) }) : t('you.go_on')}
        </Button>
      </fetcher.Form>
    </Part>
  );
}
