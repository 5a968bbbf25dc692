import { DeleteAccount } from '@liventix/contracts/accounts';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { IconCash, IconDownload, IconReceipt, IconTicket, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { callAuth, goOn } from '~/features/accounts/call-auth.server.ts';
import { ProblemNotice } from '~/features/accounts/problem-notice.tsx';
import styles from '~/features/accounts/settings.module.css';
import { accountOf } from '~/features/accounts/settings.server.ts';
import { refusalOf } from '~/features/checkout/refusal.ts';
import { useFreshForm } from '~/features/security/use-fresh-form.ts';
import { useAccountWords } from '~/platform/i18n/account.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { Button, ButtonLink } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

export async function loader({ context }: LoaderFunctionArgs) {
  const { email } = accountOf(context);
  const wallet = await load(context.api.tickets.mine());
  const tickets = wallet.coming.flatMap((night) => night.tickets).filter((ticket) => ticket.status !== 'refunded');
  return { email, tickets: tickets.length };
}

/** Deletes the account, when its own address was typed. */
export async function action({ request, context }: ActionFunctionArgs) {
  accountOf(context);
  const typed = String((await request.formData()).get('confirmEmail') ?? '').trim();
  const confirmed = DeleteAccount.safeParse({ confirmEmail: typed });
  if (!confirmed.success) return { typed, problem: 'mismatch' as const };
  try {
    await context.api.accounts.delete(confirmed.data);
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal?.code === 'INPUT_INVALID') return { typed, problem: 'mismatch' as const };
    if (refusal?.code === 'ORGANIZATION_LAST_OWNER') {
      const names = (refusal.details.organizations as string[]).join(', ');
      return { typed, problem: 'last_owner' as const, names };
    }
    if (refusal?.code === 'EVENTS_WITHOUT_HOST') {
      const names = (refusal.details.events as string[]).join(', ');
      return { typed, problem: 'hosting' as const, names };
    }
    if (refusal?.code === 'PAYMENT_UNDER_WAY') {
      return { typed, problem: 'paying' as const, checkoutId: (refusal.details.checkouts as string[])[0] ?? '' };
    }
    if (refusal?.code === 'FRESH_SIGN_IN_REQUIRED') return { typed, problem: 'fresh' as const };
    if (refusal?.code === 'RATE_LIMITED' || refusal?.code === 'MAILBOX_REQUIRED')
      return { typed, problem: 'refused' as const, words: refusal.words };
    throw thrown;
  }
  const out = await callAuth(context, '/sign-out');
  const headers = out.ok ? out.headers : new Headers();
  // Tickets kept in this browser for a night without a network go too.
  headers.set('clear-site-data', '"storage"');
  return goOn(`${paths.signIn()}?after=deleted`, headers);
}

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

export default function OwnData() {
  const { t } = useAccountWords();
  const { email, tickets } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const form = useRef<HTMLFormElement>(null);
  useFreshForm(answer?.problem === 'fresh' ? answer : undefined, () => form.current?.requestSubmit());
  const deleting = useNavigation().formMethod === 'POST';
  return (
    <div className={styles.stack}>
      <section className={styles.part}>
        <h2 className="t-section">{t('data.export_title')}</h2>
        <p className="ink-2">{t('data.export_words')}</p>
        <div className={styles.row}>
          <ButtonLink plain to={paths.exportData()} icon={<IconDownload {...icon} />}>
            {t('data.export')}
          </ButtonLink>
          <span className="t-small ink-3">{t('data.export_format')}</span>
        </div>
      </section>
      <section className={styles.part}>
        <h2 className="t-section">{t('data.delete_title')}</h2>
        <p className="ink-2">{t('data.delete_words')}</p>
        <ul className={styles.facts}>
          <li>
            <IconTrash {...icon} />
            <span>{t('data.goes')}</span>
          </li>
          <li>
            <IconTicket {...icon} />
            <span>{tickets === 0 ? t('data.tickets_none') : t('data.tickets', { count: tickets })}</span>
          </li>
          <li>
            <IconReceipt {...icon} />
            <span>{t('data.stays')}</span>
          </li>
          <li>
            <IconCash {...icon} />
            <span>{t('data.refunds')}</span>
          </li>
        </ul>
        {answer?.problem === 'last_owner' && (
          <Notice
            tone="bad"
            role="alert"
            action={<ButtonLink to={paths.organize()}>{t('data.last_owner_action')}</ButtonLink>}
          >
            {t('data.last_owner', { names: answer.names })}
          </Notice>
        )}
        {answer?.problem === 'hosting' && (
          <Notice
            tone="bad"
            role="alert"
            action={<ButtonLink to={paths.organize()}>{t('data.hosting_action')}</ButtonLink>}
          >
            {t('data.hosting', { names: answer.names })}
          </Notice>
        )}
        {answer?.problem === 'paying' && (
          <Notice
            tone="bad"
            role="alert"
            action={<ButtonLink to={paths.checkout(answer.checkoutId)}>{t('data.paying_action')}</ButtonLink>}
          >
            {t('data.paying')}
          </Notice>
        )}
        <ProblemNotice problem={answer?.problem === 'fresh' ? { is: 'fresh' } : undefined} />
        {answer?.problem === 'refused' && (
          <Notice tone="warn" role="alert">
            {answer.words}
          </Notice>
        )}
        <Form ref={form} method="post" noValidate className={styles.fields}>
          <TextField
            name="confirmEmail"
            defaultValue={answer?.typed}
            label={t('data.type', { email })}
            error={answer?.problem === 'mismatch' ? t('data.mismatch') : undefined}
            type="email"
            autoComplete="off"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
          />
          <div className={styles.row}>
            <Button
              tone="danger"
              type="submit"
              icon={<IconTrash {...icon} />}
              busy={deleting}
              busyWords={t('data.deleting')}
            >
              {t('data.delete')}
            </Button>
          </div>
        </Form>
      </section>
    </div>
  );
}
