import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { callAuth, goOn } from '~/features/accounts/call-auth.server.ts';
import { paths } from '~/platform/paths.ts';

/** Ends this session. Its sockets close with the row of the session, on every node. */
export async function action({ context }: ActionFunctionArgs) {
  const done = await callAuth(context, '/sign-out');
  return goOn(paths.discover(), done.ok ? done.headers : new Headers());
}

/** A link must not sign anybody out. */
export const loader = () => redirect(paths.discover());
