import { Link, useLocation } from '@remix-run/react';
import { Trans } from 'react-i18next';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { paths } from '~/platform/paths.ts';
import { Notice } from '~/ui/notice/notice.tsx';
import type { Problem } from './answers.ts';

/** What is in the way of a form, in words. */
export function ProblemNotice({ problem }: { problem: Problem | undefined }) {
  const { t } = useAccountWords();
  const { pathname } = useLocation();
  if (!problem) return null;
  const { is, minutes = 1 } = problem;
  const words =
    is === 'fresh' ? (
      <Trans
        t={t}
        i18nKey="problem.fresh"
        components={{ confirm: <Link className="link" to={paths.confirm(pathname)} reloadDocument /> }}
      />
    ) : is === 'too_many' || is === 'too_many_mails' ? (
      t(`problem.${is}`, { count: minutes })
    ) : (
      t(`problem.${is}`)
    );
  return (
    <Notice tone={is.startsWith('too_many') || is === 'link' || is === 'fresh' ? 'warn' : 'bad'} role="alert">
      {words}
    </Notice>
  );
}
