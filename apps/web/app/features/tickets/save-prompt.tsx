import { IconDeviceMobile } from '@tabler/icons-react';
import { useWalletWords } from '~/platform/i18n/wallet.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

/** For guests: where these tickets live, and one way to have them everywhere. Never a wall. */
export function SavePrompt() {
  const { t } = useWalletWords();
  const { actor } = useRoot();
  if (!actor?.isAnonymous) return null;
  return (
    <Notice
      tone="you"
      icon={<IconDeviceMobile size={20} stroke={1.75} aria-hidden />}
      title={t('guest.title')}
      action={
        <ButtonLink small to={`${paths.signUp()}?to=${encodeURIComponent(paths.tickets())}`}>
          {t('guest.save')}
        </ButtonLink>
      }
    >
      {t('guest.words')}
    </Notice>
  );
}
