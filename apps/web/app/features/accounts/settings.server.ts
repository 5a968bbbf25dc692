import { type ActionFunctionArgs, type AppLoadContext, data, redirect } from '@remix-run/node';
import { refusalOf } from '~/features/checkout/refusal.ts';
import { readSchemeChoice } from '~/platform/color-scheme.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { ChangePasswordForm, NewAddressForm, ProfileForm } from './accounts.forms.ts';
import type { FormAnswer } from './answers.ts';
import { callAuth } from './call-auth.server.ts';
import { readForm } from './read-form.server.ts';

/** The account behind the settings. Strangers are asked to sign in; a guest's settings are only an invitation. */
export function accountOf(context: AppLoadContext) {
  if (!context.actor) throw redirect(paths.signIn(paths.settings()));
  if (context.actor.isAnonymous) throw redirect(paths.settings());
  return context.actor;
}

export const PROFILE_FORMS = ['profile', 'scheme', 'prove', 'address', 'password', 'set-password'] as const;
export type ProfileFormName = (typeof PROFILE_FORMS)[number];

/** What one of the profile page's forms gets back. */
export interface ProfileAnswer extends FormAnswer {
  form: ProfileFormName;
  done?: true;
  /** Where a mail went. */
  sentTo?: string;
}

/**
 * Signs one of a person's other sessions out, or all of them; answers how many. The one asking is never among them.
 */
export async function endSessions({ api }: AppLoadContext, which: string): Promise<number> {
  const sessions = await load(api.accounts.sessions());
  const ending = sessions.filter((session) => !session.current && (which === 'others' || session.id === which));
  for (const { id } of ending) {
    try {
      await api.accounts.revokeSession({ sessionId: id });
    } catch (thrown) {
      // Signed out by itself in the meantime: that is what was asked for.
      if (refusalOf(thrown)?.code !== 'NOT_FOUND') throw thrown;
    }
  }
  return ending.length;
}

const YEAR_SECONDS = 31_536_000;

/** The action of the profile page: each form says which one it is. */
export async function actOnProfile({ request, context }: ActionFunctionArgs) {
  const actor = accountOf(context);
  const form = await request.formData();
  const which = form.get('form');

  if (which === 'scheme') {
    const scheme = readSchemeChoice(`lx_scheme=${String(form.get('scheme'))}`);
    const age = scheme === 'auto' ? 0 : YEAR_SECONDS;
    const cookie = `lx_scheme=${scheme}; Path=/; Max-Age=${age}; SameSite=Lax`;
    return data<ProfileAnswer>({ form: which, done: true }, { headers: { 'set-cookie': cookie } });
  }

  if (which === 'prove') {
    const asked = await callAuth(context, '/send-verification-email', { email: actor.email });
    return asked.ok
      ? said({ form: which, done: true, sentTo: actor.email })
      : said({ form: which, problem: asked.problem });
  }

  if (which === 'address') {
    const { value, result, typed } = readForm(form, NewAddressForm);
    if (!value) return said({ form: which, result });
    if (value.newEmail === actor.email.toLowerCase()) {
      return said({ form: which, problem: { is: 'same_address' }, result: typed() });
    }
    const asked = await callAuth(context, '/change-email', { newEmail: value.newEmail });
    return asked.ok
      ? said({ form: which, done: true, sentTo: actor.emailVerified ? actor.email : value.newEmail })
      : said({ form: which, problem: asked.problem, result: typed() });
  }

  if (which === 'password') {
    const { value, result } = readForm(form, ChangePasswordForm);
    if (!value) return said({ form: which, result });
    const changed = await callAuth(context, '/change-password', {
      currentPassword: value.currentPassword,
      newPassword: value.newPassword,
    });
    return changed.ok ? said({ form: which, done: true }) : said({ form: which, problem: changed.problem });
  }

  if (which === 'set-password') {
    const asked = await callAuth(context, '/request-password-reset', { email: actor.email });
    return asked.ok
      ? said({ form: which, done: true, sentTo: actor.email })
      : said({ form: which, problem: asked.problem });
  }

  const { value, result } = readForm(form, ProfileForm);
  if (!value) return said({ form: 'profile', result });
  await load(
    context.api.accounts.updateProfile({
      displayName: value.displayName,
      settings: { showFirstName: value.showFirstName === 'on' },
    }),
  );
  return said({ form: 'profile', done: true });
}

const said = (answer: ProfileAnswer) => data(answer);
