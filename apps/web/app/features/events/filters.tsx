import type { CategoryCount, CityCount } from '@liventix/contracts/events';
import { Form, Link, useSubmit } from '@remix-run/react';
import { IconCalendar, IconChevronDown, IconMapPin, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useDiscoverWords } from '~/platform/i18n/discover.ts';
import { paths } from '~/platform/paths.ts';
import { classes } from '~/ui/classes.ts';
import type { DiscoverAsk } from './discover-page.tsx';
import { categoryWords } from './events.words.ts';
import styles from './filters.module.css';

const icon = { size: 18, stroke: 1.75, 'aria-hidden': true } as const;

export interface FiltersProps {
  asked: DiscoverAsk;
  cities: CityCount[];
  categories: CategoryCount[];
}

/** City, tonight, this weekend, a date, a category: one line, a plain form underneath. */
export function DiscoverFilters({ asked, cities, categories }: FiltersProps) {
  const { t } = useDiscoverWords();
  const submit = useSubmit();
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const send = (change: FormEvent<HTMLFormElement>) => {
    // Buttons submit by themselves; a date is sent once it is whole.
    const { target } = change;
    const form = change.currentTarget;
    if (target instanceof HTMLInputElement && target.type === 'date' && target.value === '' && !asked.date) return;
    submit(form, { preventScrollReset: true });
  };
  const any = asked.q || asked.city || asked.when || asked.date || asked.category;
  const named = (list: string[], own: string | undefined) => (own && !list.includes(own) ? [own, ...list] : list);
  return (
    <Form
      method="get"
      action="/"
      aria-label={t('filters.label')}
      onChange={send}
      preventScrollReset
      className={styles.filters}
      key={JSON.stringify(asked)}
    >
      {asked.q && <input type="hidden" name="q" value={asked.q} />}
      {asked.when && <input type="hidden" name="when" value={asked.when} />}
      <label className={styles.pick} data-on={asked.city ? true : undefined}>
        <span className="vh">{t('filters.city')}</span>
        <IconMapPin {...icon} />
        <select name="city" defaultValue={asked.city ?? ''}>
          <option value="">{t('filters.all_cities')}</option>
          {named(
            cities.map((each) => each.city),
            asked.city,
          ).map((city) => (
            <option key={city} value={city}>
              {city}
            </option>
          ))}
        </select>
        <IconChevronDown {...icon} />
      </label>
      {(['tonight', 'weekend'] as const).map((when) => (
        <button
          key={when}
          type="submit"
          name="when"
          value={asked.when === when ? '' : when}
          aria-pressed={asked.when === when}
          className={styles.chip}
        >
          {t(`filters.${when}`)}
        </button>
      ))}
      <label className={classes(styles.pick, styles.date)} data-on={asked.date ? true : undefined}>
        <span className={asked.date ? 'vh' : styles.dateWord}>{t('filters.date')}</span>
        <IconCalendar {...icon} />
        <input type="date" name="date" defaultValue={asked.date ?? ''} data-empty={asked.date ? undefined : true} />
      </label>
      <label className={styles.pick} data-on={asked.category ? true : undefined}>
        <span className="vh">{t('filters.category')}</span>
        <select name="category" defaultValue={asked.category ?? ''}>
          <option value="">{t('filters.all_categories')}</option>
          {named(
            categories.map((each) => each.category),
            asked.category,
          ).map((category) => (
            <option key={category} value={category}>
              {categoryWords(t, category)}
            </option>
          ))}
        </select>
        <IconChevronDown {...icon} />
      </label>
      {!awake && (
        <button type="submit" className={styles.chip}>
          {t('filters.show')}
        </button>
      )}
      {any && (
        <Link to={paths.discover()} className={styles.clear} preventScrollReset>
          <IconX {...icon} />
          {t('filters.clear')}
        </Link>
      )}
    </Form>
  );
}
