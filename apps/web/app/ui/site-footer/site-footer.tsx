import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { paths } from '~/platform/paths.ts';
import styles from './site-footer.module.css';

const LINKS = ['terms', 'privacy', 'refunds', 'imprint'] as const;

/** The small print, on every page that can be left. */
export function SiteFooter() {
  const { t } = useTranslation('common');
  return (
    <footer className={styles.footer}>
      <div className={styles.inside}>
        <p className={styles.line}>{t('footer.line')}</p>
        <nav aria-label={t('footer.label')} className={styles.links}>
          {LINKS.map((page) => (
            <Link key={page} to={paths[page]()}>
              {t(`footer.${page}`)}
            </Link>
          ))}
        </nav>
      </div>
    </footer>
  );
}
