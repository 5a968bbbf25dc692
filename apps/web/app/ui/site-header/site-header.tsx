import { useMantineColorScheme } from '@mantine/core';
import { Form, Link, NavLink, useLocation, useSearchParams } from '@remix-run/react';
import {
  IconBookmark,
  IconHeartbeat,
  IconLayoutDashboard,
  IconLogin2,
  IconLogout,
  IconMessageCircle,
  IconSearch,
  IconSettings,
  IconTicket,
  IconUserCircle,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SchemeChoice } from '~/platform/color-scheme.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Avatar } from '../avatar/avatar.tsx';
import { classes } from '../classes.ts';
import { Menu, MenuItem, MenuRule } from '../menu/menu.tsx';
import { Wordmark } from '../wordmark/wordmark.tsx';
import styles from './site-header.module.css';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** Wordmark, search, tickets, account. Works before JavaScript: search is a form, the menu a `<details>`. */
export function SiteHeader() {
  const { t } = useTranslation('common');
  const { actor } = useRoot();
  const { pathname, search: query } = useLocation();
  const [params] = useSearchParams();
  const known = actor && !actor.isAnonymous ? actor : null;
  return (
    <header className={styles.header}>
      <div className={styles.inside}>
        <Wordmark size={26} />
        <Form method="get" action={paths.discover()} role="search" className={styles.search}>
          <IconSearch className={styles.glass} {...icon} />
          <input
            key={pathname === '/' ? params.get('q') : ''}
            type="search"
            name="q"
            className={styles.query}
            aria-label={t('header.search')}
            placeholder={t('header.search_label')}
            defaultValue={pathname === '/' ? (params.get('q') ?? '') : ''}
            autoComplete="off"
            enterKeyHint="search"
          />
        </Form>
        <nav aria-label={t('header.main')} className={styles.nav}>
          <NavLink to={paths.feed()} className={classes(styles.link, styles.wide)} prefetch="intent">
            {t('header.feed')}
          </NavLink>
          <NavLink to={paths.tickets()} className={styles.link} aria-label={t('header.tickets')} prefetch="intent">
            <IconTicket {...icon} size={24} className={styles.small} />
            <span className={styles.wide}>{t('header.tickets')}</span>
          </NavLink>
          {known && known.role !== 'attendee' && (
            <NavLink to={paths.organize()} className={classes(styles.link, styles.wide)} prefetch="intent">
              {t('header.organize')}
            </NavLink>
          )}
          {!actor && (
            <Link
              to={paths.signIn(pathname === '/sign-in' ? undefined : pathname + query)}
              className={classes(styles.link, styles.wide)}
            >
              {t('header.sign_in')}
            </Link>
          )}
          <Menu
            label={t('header.account')}
            className={actor ? undefined : styles.account}
            trigger={
              known ? (
                <Avatar name={known.name} seed={known.userId} size={36} />
              ) : (
                <IconUserCircle size={26} stroke={1.75} aria-hidden />
              )
            }
          >
            {known ? (
              <p className={styles.who}>
                <strong>{known.name}</strong>
                <span>{known.email}</span>
              </p>
            ) : (
              <>
                {actor && (
                  <p className={styles.who}>
                    <strong>{t('header.guest')}</strong>
                    <span>{t('header.guest_note')}</span>
                  </p>
                )}
                <MenuItem to={paths.signIn(pathname + query)} icon={<IconLogin2 {...icon} />}>
                  {t('header.sign_in')}
                </MenuItem>
              </>
            )}
            <MenuItem to={paths.tickets()} icon={<IconTicket {...icon} />}>
              {t('header.tickets')}
            </MenuItem>
            <MenuItem to={paths.feed()} icon={<IconMessageCircle {...icon} />}>
              {t('header.feed')}
            </MenuItem>
            {known && (
              <>
                <MenuItem to={paths.saved()} icon={<IconBookmark {...icon} />}>
                  {t('header.saved')}
                </MenuItem>
                <MenuItem to={paths.organize()} icon={<IconLayoutDashboard {...icon} />}>
                  {t('header.organize')}
                </MenuItem>
                {known.role === 'admin' && (
                  <MenuItem to={paths.admin()} icon={<IconHeartbeat {...icon} />}>
                    {t('header.admin')}
                  </MenuItem>
                )}
                <MenuItem to={paths.settings()} icon={<IconSettings {...icon} />}>
                  {t('header.settings')}
                </MenuItem>
              </>
            )}
            <MenuRule />
            <SchemeSwitch />
            {known && (
              <>
                <MenuRule />
                <Form method="post" action={paths.signOut()} reloadDocument>
                  <MenuItem submit icon={<IconLogout {...icon} />}>
                    {t('header.sign_out')}
                  </MenuItem>
                </Form>
              </>
            )}
          </Menu>
        </nav>
      </div>
    </header>
  );
}

const SCHEMES: SchemeChoice[] = ['light', 'dark', 'auto'];

/** Light, dark, or as the system says. Kept in a cookie. */
export function SchemeSwitch() {
  const { t } = useTranslation('common');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  return (
    <fieldset className={styles.schemes}>
      <legend className="vh">{t('scheme.label')}</legend>
      {SCHEMES.map((scheme) => (
        <button
          key={scheme}
          type="button"
          className={styles.scheme}
          aria-pressed={awake && colorScheme === scheme}
          onClick={() => setColorScheme(scheme)}
        >
          {t(`scheme.${scheme}`)}
        </button>
      ))}
    </fieldset>
  );
}
