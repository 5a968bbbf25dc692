import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { backTo } from '~/features/accounts/back-to.ts';
import { callAuth, goOn } from '~/features/accounts/call-auth.server.ts';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';

/** Steps into one of the demo's people: signs in with the demo's password and goes back to the page; the admin goes to hers. Demo only. */
export async function action({ request, context }: ActionFunctionArgs) {
  const demo = await load(context.api.demo.state());
  const form = await request.formData();
  const role = demo.roles.find((candidate) => candidate.key === form.get('role'));
  if (!role) throw new Response(null, { status: 404 });
  const done = await callAuth(context, '/sign-in/email', { email: role.email, password: demo.password });
  if (!done.ok) throw new Response(null, { status: done.problem.is === 'too_many' ? 429 : 502 });
  return goOn(whereTo(role.key, backTo(form.get('to'))), done.headers);
}

/** The platform's staff has one page, and it exists for nobody else. */
function whereTo(role: string, to: string): string {
  if (role === 'admin') return paths.admin();
  return to.startsWith(paths.admin()) ? paths.discover() : to;
}

export const loader = () => redirect('/');
