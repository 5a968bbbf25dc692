import { AddressLink } from '@liventix/contracts/accounts';
import { type ActionFunctionArgs, type HeadersFunction, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { linkMeta } from '~/features/accounts/account-meta.ts';
import { addressMark } from '~/features/accounts/address-mark.server.ts';
import styles from '~/features/accounts/enter-page.module.css';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { readWall } from '~/features/accounts/wall.server.ts';
import { refusalOf } from '~/features/checkout/refusal.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

/** Looking at a mailed link changes nothing; only a session of that very account may open it. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams, pathname, search } = new URL(request.url);
  const asked = AddressLink.safeParse({ token: searchParams.get('token') });
  const [posters, link] = await load(
    Promise.all([readWall(context), asked.success ? context.api.accounts.addressLink(asked.data) : null]),
  );
  const { actor } = context;
  const signedInAs = actor && !actor.isAnonymous ? actor.email : null;
  return { posters, link, token: asked.data?.token ?? '', here: `${pathname}${search}`, signedInAs };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const asked = AddressLink.safeParse({ token: (await request.formData()).get('token') });
  if (!asked.success) return { expired: true, words: '' };
  try {
    const { newEmail } = await context.api.accounts.openAddressLink(asked.data);
    return redirect(`${paths.verify()}?${newEmail ? `change=${addressMark(newEmail)}` : 'after=proof'}`);
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    const { pathname, search } = new URL(request.url);
    if (refusal.code === 'FRESH_SIGN_IN_REQUIRED') return redirect(paths.confirm(`${pathname}${search}`));
    return { expired: refusal.code === 'LINK_EXPIRED', words: refusal.words };
  }
}

// The address carries a key.
export const headers: HeadersFunction = () => ({ 'cache-control': 'no-store' });
export const meta = linkMeta('address_link');

export default function OpenAddressLink() {
  const { t } = useAccountWords();
  const { posters, link, token, here, signedInAs } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { state } = useNavigation();
  if (!link || answer?.expired) {
    return (
      <EnterPage posters={posters} title={t('address_link.old_title')} lead={t('address_link.old')}>
        <ButtonLink tone="primary" full to={paths.settings()}>
          {t('verify.settings')}
        </ButtonLink>
      </EnterPage>
    );
  }
  const { email, newEmail, step, mine } = link;
  return (
    <EnterPage
      posters={posters}
      title={t(`address_link.title_${step}`)}
      lead={t(mine ? `address_link.${step}` : 'address_link.not_yours', { email, newEmail })}
    >
      {answer?.words && (
        <Notice tone="warn" role="alert">
          {answer.words}
        </Notice>
      )}
      {mine ? (
        <Form method="post" className={styles.fields}>
          <input type="hidden" name="token" value={token} />
          <Button tone="primary" type="submit" full busy={state !== 'idle'} busyWords={t('address_link.busy')}>
            {t(`address_link.action_${step}`)}
          </Button>
        </Form>
      ) : signedInAs ? (
        <>
          <Notice tone="warn">{t('address_link.other', { email: signedInAs })}</Notice>
          <Form method="post" action={paths.signOut()} reloadDocument>
            <Button tone="primary" type="submit" full>
              {t('address_link.sign_out')}
            </Button>
          </Form>
        </>
      ) : (
        <ButtonLink tone="primary" full to={paths.signIn(here)}>
          {t('address_link.sign_in')}
        </ButtonLink>
      )}
    </EnterPage>
  );
}
