import { type ActionFunctionArgs, redirect } from '@remix-run/node';

/** Steps into one of the demo's people: signs in with the demo's password and goes back to the page. Demo only. */
export async function action({ request, context }: ActionFunctionArgs) {
  const demo = await context.api.demo.state();
  const form = await request.formData();
  const role = demo.roles.find((candidate) => candidate.key === form.get('role'));
  if (!role) throw new Response(null, { status: 404 });
  const answer = await fetch(new URL('/auth/sign-in/email', request.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: new URL(request.url).origin,
      cookie: request.headers.get('cookie') ?? '',
    },
    body: JSON.stringify({ email: role.email, password: demo.password }),
  });
  if (!answer.ok) throw new Response(null, { status: 502 });
  const headers = new Headers();
  for (const cookie of answer.headers.getSetCookie()) headers.append('set-cookie', cookie);
  return redirect(backTo(form.get('to')), { headers });
}

export const loader = () => redirect('/');

/** Only ever a page of our own. */
function backTo(value: FormDataEntryValue | null): string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : '/';
}
