import { Link } from '@remix-run/react';
import { type ReactNode, useEffect, useRef } from 'react';
import { classes } from '../classes.ts';
import styles from './menu.module.css';

export interface MenuProps {
  /** Says what opens, for screen readers; the trigger may show only an icon. */
  label: string;
  trigger: ReactNode;
  children: ReactNode;
  /** Which edge of the trigger the list hangs from; default end. */
  side?: 'start' | 'end';
  className?: string;
}

/**
 * A few links or actions behind a button. A `<details>`, so it opens before JavaScript; then it also closes on Escape,
 * outside and after a choice.
 */
export function Menu({ label, trigger, children, side = 'end', className }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const element = details.current;
    if (!element) return;
    const onOutside = (press: Event) => {
      if (element.open && !element.contains(press.target as Node)) element.open = false;
    };
    const onEscape = (press: KeyboardEvent) => {
      if (press.key !== 'Escape' || !element.open) return;
      element.open = false;
      element.querySelector('summary')?.focus();
    };
    const onChosen = (press: Event) => {
      if ((press.target as Element).closest('a, button[type="submit"], [data-closes]')) element.open = false;
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    document.addEventListener('keydown', onEscape);
    element.addEventListener('click', onChosen);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
      document.removeEventListener('keydown', onEscape);
      element.removeEventListener('click', onChosen);
    };
  }, []);
  return (
    <details ref={details} className={classes(styles.menu, className)}>
      <summary className={styles.trigger} aria-label={label}>
        {trigger}
      </summary>
      <div className={styles.list} data-side={side}>
        {children}
      </div>
    </details>
  );
}

export interface MenuItemProps {
  icon?: ReactNode;
  tone?: 'bad';
  children: ReactNode;
  /** A link … */
  to?: string;
  /** The link leaves the app: another page of this origin. */
  leaves?: boolean;
  /** … or an action; `submit` inside a form. */
  onClick?: () => void;
  submit?: boolean;
}

export function MenuItem({ icon, tone, children, to, leaves, onClick, submit }: MenuItemProps) {
  const inside = (
    <>
      {icon}
      <span>{children}</span>
    </>
  );
  if (to)
    return (
      <Link to={to} reloadDocument={leaves} className={styles.item} data-tone={tone}>
        {inside}
      </Link>
    );
  return (
    <button type={submit ? 'submit' : 'button'} className={styles.item} data-tone={tone} data-closes onClick={onClick}>
      {inside}
    </button>
  );
}

export function MenuRule() {
  return <hr className={styles.rule} style={{ border: 0 }} />;
}
