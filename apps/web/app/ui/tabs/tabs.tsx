import { Tabs as MantineTabs } from '@mantine/core';
import { NavLink } from '@remix-run/react';
import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import theme from '../theme.module.css';
import styles from './tabs.module.css';

export interface TabsProps {
  value: string;
  onChange: (value: string) => void;
  items: { value: string; label: ReactNode; count?: number; panel?: ReactNode }[];
  /** What the tabs switch between, for screen readers. */
  label: string;
}

/** Parts of one page: text with a 3 px ink line. Panels are given with the items. */
export function Tabs({ value, onChange, items, label }: TabsProps) {
  return (
    <MantineTabs value={value} onChange={(next) => next && onChange(next)} keepMounted={false}>
      <MantineTabs.List aria-label={label}>
        {items.map((item) => (
          <MantineTabs.Tab key={item.value} value={item.value}>
            {item.label}
            {item.count !== undefined && <span className={styles.count}>{item.count}</span>}
          </MantineTabs.Tab>
        ))}
      </MantineTabs.List>
      {items.map(
        (item) =>
          item.panel !== undefined && (
            <MantineTabs.Panel key={item.value} value={item.value}>
              {item.panel}
            </MantineTabs.Panel>
          ),
      )}
    </MantineTabs>
  );
}

export interface TabLinksProps {
  items: { to: string; label: ReactNode; end?: boolean; count?: number }[];
  label: string;
}

/** The same look for pages of their own: each tab is a link with its address. */
export function TabLinks({ items, label }: TabLinksProps) {
  return (
    <nav aria-label={label} className={classes(styles.links, theme.tabList)}>
      {items.map(({ to, label: words, end, count }) => (
        <NavLink key={to} to={to} end={end} prefetch="intent" className={classes(styles.link, theme.tab)}>
          {words}
          {count !== undefined && <span className={styles.count}>{count}</span>}
        </NavLink>
      ))}
    </nav>
  );
}
