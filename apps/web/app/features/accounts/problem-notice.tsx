import { useAccountWords } from '~/platform/i18n/account.ts';
import { Notice } from '~/ui/notice/notice.tsx';
import type { Problem } from './answers.ts';

/** What is in the way of a form, in words. */
export function ProblemNotice({ problem }: { problem: Problem | undefined }) {
  const { t } = useAccountWords();
  if (!problem) return null;
  const { is, minutes = 1 } = problem;
  return (
    <Notice tone={is === 'too_many' || is === 'link' ? 'warn' : 'bad'} role="alert">
      {is === 'too_many' ? t('problem.too_many', { count: minutes }) : t(`problem.${is}`)}
    </Notice>
  );
}
