import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { AddressPart, LookPart, PasswordPart, YouPart } from '~/features/accounts/profile-parts.tsx';
import styles from '~/features/accounts/settings.module.css';
import { actOnProfile } from '~/features/accounts/settings.server.ts';
import { load } from '~/platform/loading.ts';

export async function loader({ context }: LoaderFunctionArgs) {
  // The frame around this page answers strangers and guests.
  if (!context.actor || context.actor.isAnonymous) return null;
  return load(context.api.accounts.me());
}

export async function action(args: ActionFunctionArgs) {
  return actOnProfile(args);
}

export default function Profile() {
  const me = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (!me?.email) return null;
  return (
    <div className={styles.stack}>
      <YouPart me={me} answer={answer} />
      <LookPart />
      <AddressPart email={me.email} proven={me.emailVerified} answer={answer} />
      <PasswordPart email={me.email} hasPassword={me.hasPassword} answer={answer} />
    </div>
  );
}
