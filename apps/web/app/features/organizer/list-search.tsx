import { Form, useSubmit } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import styles from './lists.module.css';

const SOON_MS = 250;

export interface ListSearchProps {
  /** What the list is searched for now: part of the page's address. */
  q: string;
  label: string;
  placeholder?: string;
  /** What else the address keeps. */
  keep?: Record<string, string>;
}

/** A search that answers while the user types; before JavaScript, and for a screen reader, there is the button. */
export function ListSearch({ q, label, placeholder = label, keep = {} }: ListSearchProps) {
  const { t } = useOrganizerWords();
  const submit = useSubmit();
  const input = useRef<HTMLInputElement>(null);
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(due.current), []);
  // A link may have changed the search; what a user is typing is never taken from her.
  useEffect(() => {
    if (input.current && document.activeElement !== input.current) input.current.value = q;
  }, [q]);
  const search = () => {
    clearTimeout(due.current);
    due.current = setTimeout(
      () => submit(input.current?.form ?? null, { replace: true, preventScrollReset: true }),
      SOON_MS,
    );
  };
  return (
    <Form method="get" role="search" aria-label={label} className={styles.search}>
      {Object.entries(keep).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextField
        ref={input}
        label={<span className="vh">{label}</span>}
        name="q"
        type="search"
        defaultValue={q}
        placeholder={placeholder}
        autoComplete="off"
        onChange={search}
      />
      <Button type="submit">{t('orders.go')}</Button>
    </Form>
  );
}
