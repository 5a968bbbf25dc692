import { type AppLoadContext, data } from '@remix-run/node';
import { AddressForm, CodeForm, PasswordSignInForm } from './accounts.forms.ts';
import type { FormAnswer } from './answers.ts';
import { callAuth, goOn } from './call-auth.server.ts';
import { readForm } from './read-form.server.ts';

/** Where the page stands: the choice of ways, "look in your mail", or the six digits. */
export interface SignInAnswer extends FormAnswer {
  step: 'start' | 'link' | 'code';
  /** As it was typed, once it is an address. */
  email: string;
  /** A second mail went out. */
  again?: boolean;
}

/** The form's buttons: a password, a mailed link, a mailed code, and the code itself; then on to `to`. */
export async function signIn(
  context: AppLoadContext,
  form: FormData,
  to: string,
): Promise<SignInAnswer | ReturnType<typeof data<SignInAnswer>> | Response> {
  const by = form.get('by');
  const again = form.get('again') !== null;

  if (by === 'link' || by === 'code') {
    const { value, result } = readForm(form, AddressForm);
    if (!value) return { step: 'start', email: '', result };
    const asked =
      by === 'link'
        ? await callAuth(context, '/sign-in/magic-link', {
            email: value.email,
            callbackURL: to,
          })
        : await callAuth(context, '/email-otp/send-verification-otp', { email: value.email, type: 'sign-in' });
    // Its cookie lets this browser be known when the link is opened.
    if (asked.ok) return data({ step: by, email: value.email, again }, { headers: asked.headers });
    return { step: again ? by : 'start', email: value.email, problem: asked.problem, result: keep(value.email) };
  }

  if (by === 'digits') {
    const { value, result, typed } = readForm(form, CodeForm);
    if (!value) return { step: 'code', email: String(form.get('email') ?? ''), result };
    const done = await callAuth(context, '/sign-in/email-otp', { email: value.email, otp: value.code });
    if (done.ok) return goOn(to, done.headers);
    return { step: 'code', email: value.email, problem: done.problem, result: typed() };
  }

  const { value, result } = readForm(form, PasswordSignInForm);
  if (!value) return { step: 'start', email: '', result };
  const done = await callAuth(context, '/sign-in/email', value);
  if (done.ok) return goOn(to, done.headers);
  return { step: 'start', email: value.email, problem: done.problem, result: keep(value.email) };
}

const keep = (email: string) => ({ status: 'error' as const, initialValue: { email } });
