import { SignInLink } from '@liventix/contracts/accounts';
import {
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  redirectDocument,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { linkMeta } from '~/features/accounts/account-meta.ts';
import { backTo } from '~/features/accounts/back-to.ts';
import styles from '~/features/accounts/enter-page.module.css';
import { EnterPage } from '~/features/accounts/enter-page.tsx';
import { countGuestTickets, readWall } from '~/features/accounts/wall.server.ts';
import { refusalOf } from '~/features/checkout/refusal.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

/** Looking at a mailed link changes nothing: mailboxes open links to look at them. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const params = new URL(request.url).searchParams;
  const { api, actor } = context;
  const asked = SignInLink.safeParse({ token: params.get('token') });
  const [posters, link, guestTickets] = await load(
    Promise.all([
      readWall(context),
      asked.success ? api.accounts.signInLink(asked.data) : null,
      countGuestTickets(context),
    ]),
  );
  const signedInAs = actor && !actor.isAnonymous ? actor.email : null;
  return { posters, link, token: asked.data?.token ?? '', to: backTo(params.get('to')), guestTickets, signedInAs };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const asked = SignInLink.safeParse({ token: form.get('token') });
  if (!asked.success) return { expired: true, words: '' };
  try {
    await context.api.accounts.openSignInLink({ ...asked.data, bring: form.get('bring') === 'on' });
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal) throw thrown;
    return { expired: refusal.code === 'LINK_EXPIRED', words: refusal.words };
  }
  // A new document: this browser is somebody else after it.
  return redirectDocument(backTo(new URL(request.url).searchParams.get('to')));
}

// The address carries a key.
export const headers: HeadersFunction = () => ({ 'cache-control': 'no-store' });
export const meta = linkMeta('sign_in_link');

export default function OpenSignInLink() {
  const { t } = useAccountWords();
  const { posters, link, token, to, guestTickets, signedInAs } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { state } = useNavigation();
  if (!link || answer?.expired) {
    return (
      <EnterPage posters={posters} title={t('sign_in_link.used_title')} lead={t('sign_in_link.used')}>
        <ButtonLink tone="primary" full to={paths.signIn(to)}>
          {t('sign_in_link.again')}
        </ButtonLink>
      </EnterPage>
    );
  }
  const { email } = link;
  return (
    <EnterPage posters={posters} title={t('sign_in_link.title')} lead={t('sign_in_link.words', { email })}>
      {answer?.words && (
        <Notice tone="warn" role="alert">
          {answer.words}
        </Notice>
      )}
      {signedInAs && signedInAs !== email && (
        <Notice tone="warn">{t('sign_in_link.other', { email: signedInAs })}</Notice>
      )}
      {!link.asked && !signedInAs && <Notice tone="warn">{t('sign_in_link.strange', { email })}</Notice>}
      <Form method="post" reloadDocument className={styles.fields}>
        <input type="hidden" name="token" value={token} />
        {guestTickets !== null && (
          <label className={styles.choice}>
            <input className={styles.tick} type="checkbox" name="bring" defaultChecked={link.asked} />
            <span className={styles.choiceWords}>
              {t('sign_in_link.bring', { count: guestTickets })}
              <span className="t-small ink-3">{t('sign_in_link.bring_hint', { email })}</span>
            </span>
          </label>
        )}
        <Button tone="primary" type="submit" full busy={state !== 'idle'} busyWords={t('sign_in_link.busy')}>
          {t('sign_in_link.action')}
        </Button>
      </Form>
    </EnterPage>
  );
}
