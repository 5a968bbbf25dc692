import { useLocation } from '@remix-run/react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

/** Asks for an account in place; what she wanted is kept meanwhile. */
export function SignInAsk({ to }: { to: 'like' | 'comment' }) {
  const { t } = useFeedWords();
  const { pathname, search } = useLocation();
  return (
    <Notice
      tone="you"
      role="status"
      action={
        <ButtonLink tone="primary" small to={paths.signIn(pathname + search)}>
          {t('ask.action')}
        </ButtonLink>
      }
    >
      {t(`ask.${to}`)}
    </Notice>
  );
}
