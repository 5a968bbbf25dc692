import type { OpenSignInLink, SignInLink, SignInLinkView } from '@liventix/contracts/accounts';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';

/** Whose account a mailed link opens, and whether this browser asked for it. Null when it was used or is too old. */
export async function readSignInLink(ctx: Ctx, { token }: SignInLink): Promise<SignInLinkView | null> {
  const { auth } = ctx.services;
  const link = await auth.links.readSignIn(token);
  return link && { email: link.email, asked: auth.hasAsked(link.email, ctx.requestHeaders.get('cookie') ?? undefined) };
}

/**
 * Signs this browser in by a mailed link, once. A guest's things move only when she said so; without that her session is
 * left alone, and the browser is somebody else from now on.
 * Errors: LINK_EXPIRED.
 */
export async function openSignInLink(ctx: Ctx, { token, bring }: OpenSignInLink): Promise<{ email: string }> {
  const guest = ctx.actor?.isAnonymous ? ctx.requestHeaders.get('cookie') : null;
  const { links, finishSignUp } = ctx.services.auth;
  const opened = (await links.openSignIn(token, bring ? guest : null)) ?? fail('LINK_EXPIRED');
  const started = await finishSignUp(opened.email, ctx.requestHeaders.get('cookie') ?? undefined);
  ctx.setCookies.push(...opened.cookies, ...started);
  return { email: opened.email };
}
