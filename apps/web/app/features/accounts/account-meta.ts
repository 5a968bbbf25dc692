import type { MetaFunction } from '@remix-run/node';
import words from '~/platform/i18n/en/account.json';
import { pageMeta } from '~/platform/seo.tsx';
import type { loader as rootLoader } from '~/root.tsx';

/** The head of a page behind a mailed link: not for search engines, and its address, which carries a key, for no other site. */
export function linkMeta(part: 'sign_in_link' | 'address_link'): MetaFunction {
  return () => [
    { title: `${words[part].title_plain} · Liventix` },
    { name: 'robots', content: 'noindex, nofollow' },
    // To ours it stays, because posts prove by it where they come from.
    { name: 'referrer', content: 'same-origin' },
  ];
}

/** The head of a page of this feature; search engines have no use for any of them. */
export function accountMeta(
  part: 'sign_in' | 'sign_up' | 'forgot' | 'reset' | 'settings',
): MetaFunction<unknown, { root: typeof rootLoader }> {
  return ({ matches, location }) => {
    const root = matches.find((match) => match.id === 'root')?.data as { origin?: string } | undefined;
    const { title, description } = words[part];
    return pageMeta({ title, description, origin: root?.origin ?? '', path: location.pathname, noindex: true });
  };
}
