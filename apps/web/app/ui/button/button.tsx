import { Button as MantineButton } from '@mantine/core';
import { Link, type LinkProps } from '@remix-run/react';
import { type ComponentPropsWithoutRef, forwardRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export type ButtonTone = 'primary' | 'plain' | 'quiet' | 'danger';

interface Looks {
  /** `primary`: the one action of a screen, violet, 52 px. `plain`: outlined. `quiet`: words only. `danger`: crimson. */
  tone?: ButtonTone;
  /** 52 px whatever the tone. */
  big?: boolean;
  /** A primary of 44 px, for dense places. */
  small?: boolean;
  full?: boolean;
  /** Before the words, 20 px, stroke 1.75. */
  icon?: ReactNode;
  /** After the words. */
  iconAfter?: ReactNode;
}

const look = ({ tone = 'plain', big, small, full, icon, iconAfter }: Looks) => ({
  'data-tone': tone,
  'data-big': big || undefined,
  'data-small': small || undefined,
  'data-full': full || undefined,
  'data-on-you': tone === 'primary' || undefined,
  leftSection: icon,
  rightSection: iconAfter,
});

export interface ButtonProps extends Looks, Omit<ComponentPropsWithoutRef<'button'>, 'color'> {
  /** Work is under way: says so, and takes no second press. Nothing spins. */
  busy?: boolean;
  /** What it says meanwhile: "Reserving…"; default "One moment". */
  busyWords?: string;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { tone, big, small, full, icon, iconAfter, busy, busyWords, children, onClick, type = 'button', ...rest },
  ref,
) {
  const { t } = useTranslation('common');
  return (
    <MantineButton
      ref={ref}
      type={type}
      {...look({ tone, big, small, full, icon, iconAfter })}
      {...rest}
      aria-busy={busy || undefined}
      onClick={(press) => {
        if (busy) press.preventDefault();
        else onClick?.(press);
      }}
    >
      {busy ? (busyWords ?? t('busy')) : children}
    </MantineButton>
  );
});

export interface ButtonLinkProps extends Looks, Omit<LinkProps, 'color'> {
  /** Leaves the app or downloads: a plain `<a>`. */
  plain?: boolean;
}

/** A link that looks like a button. */
export function ButtonLink({ tone, big, small, full, icon, iconAfter, plain, to, children, ...rest }: ButtonLinkProps) {
  const shared = { ...look({ tone, big, small, full, icon, iconAfter }) };
  if (plain) {
    const {
      prefetch: _p,
      reloadDocument: _r,
      replace: _e,
      state: _s,
      preventScrollReset: _c,
      relative: _l,
      ...anchor
    } = rest;
    return (
      <MantineButton component="a" href={String(to)} {...shared} {...anchor}>
        {children}
      </MantineButton>
    );
  }
  return (
    <MantineButton component={Link} to={to} {...shared} {...rest}>
      {children}
    </MantineButton>
  );
}
