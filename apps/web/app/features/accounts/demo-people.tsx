import type { DemoRole } from '@liventix/contracts/demo';
import { Form } from '@remix-run/react';
import { IconChevronRight } from '@tabler/icons-react';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { paths } from '~/platform/paths.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import styles from './enter-page.module.css';

/** In a demo: the people to step into, each with what can be done as her. */
export function DemoPeople({ roles, to }: { roles: DemoRole[]; to: string }) {
  const { t } = useAccountWords();
  return (
    <section className={styles.demo} aria-labelledby="demo-people">
      <div>
        <h2 className="t-card" id="demo-people">
          {t('demo.title')}
        </h2>
        <p className={styles.small}>{t('demo.words')}</p>
      </div>
      <Form method="post" action={paths.stepInto()} reloadDocument className={styles.people}>
        <input type="hidden" name="to" value={to} />
        {roles.map((role) => (
          <button key={role.key} type="submit" name="role" value={role.key} className={styles.person}>
            <Avatar name={role.name} seed={role.email} />
            <span>
              <strong>{role.name}</strong>
              <span>{role.introduction}</span>
            </span>
            <IconChevronRight size={20} stroke={1.75} aria-hidden />
          </button>
        ))}
      </Form>
    </section>
  );
}
