import './ui/styles.css';
import { MantineProvider } from '@mantine/core';
import { type LinksFunction, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useSearchParams } from '@remix-run/react';
import { type ReactNode, useEffect } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { DemoBar } from '~/features/demo/demo-bar.tsx';
import { ConfirmHost } from '~/features/security/confirm-host.tsx';
import { ticketPaths } from '~/features/tickets/ticket-paths.ts';
import {
  cookieSchemeManager,
  readSchemeChoice,
  readZone,
  rememberZone,
  schemeScript,
} from '~/platform/color-scheme.ts';
import { DesignedError } from '~/platform/errors.tsx';
import { languageOf } from '~/platform/i18n/i18n.server.ts';
import { i18nFor } from '~/platform/i18n/words.ts';
import { seedClock } from '~/platform/live/connection.ts';
import { useSamePerson } from '~/platform/live/use-same-person.ts';
import { useNonce } from '~/platform/nonce.ts';
import { paths } from '~/platform/paths.ts';
import { QueryProvider } from '~/platform/query.tsx';
import { useRoot } from '~/platform/root-data.ts';
import { useArrival } from '~/platform/use-arrival.ts';
import { preloadedFonts } from '~/ui/fonts.ts';
import { cssVariablesResolver, theme } from '~/ui/theme.ts';
import { ToastHost } from '~/ui/toast/toast.tsx';

/** Pages for whoever has yet to prove her second factor: the one that asks for it, and the ways around one that is not hers. */
const WHILE_WAITING: readonly string[] = [
  paths.confirm(),
  paths.signOut(),
  paths.forgot(),
  paths.reset(),
  ticketPaths.findOrder(),
  paths.terms(),
  paths.privacy(),
  paths.refunds(),
  paths.imprint(),
];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const cookies = request.headers.get('cookie');
  const { actor, demo, origin, requestId } = context;
  const { pathname, search } = new URL(request.url);
  // Whichever way the sign-in came: nothing is there before the second factor, but the page that asks for it.
  if (context.pending && !WHILE_WAITING.includes(pathname) && !pathname.startsWith(ticketPaths.link('')))
    throw redirect(paths.confirm(pathname + search));
  return {
    actor: actor && {
      userId: actor.userId,
      name: actor.name,
      email: actor.email,
      isAnonymous: actor.isAnonymous,
      emailVerified: actor.emailVerified,
      role: actor.role,
    },
    demo,
    origin,
    requestId,
    locale: await languageOf.getLocale(request),
    scheme: readSchemeChoice(cookies),
    readerZone: readZone(cookies),
    /** The server's clock when the page was made; countdowns start from it. */
    nowMs: Date.now(),
  };
}

export const links: LinksFunction = () => [
  ...preloadedFonts.map((href) => ({
    rel: 'preload',
    href,
    as: 'font' as const,
    type: 'font/woff2',
    crossOrigin: 'anonymous' as const,
  })),
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
  { rel: 'icon', href: '/favicon-48.png', type: 'image/png', sizes: '48x48' },
  { rel: 'apple-touch-icon', href: '/icon-180.png' },
  { rel: 'manifest', href: '/manifest.webmanifest' },
];

export const meta: MetaFunction = () => [{ title: 'Liventix' }];

/** The document around every page, error pages included. */
export function Layout({ children }: { children: ReactNode }) {
  const { locale, scheme } = useRoot();
  const nonce = useNonce();
  const i18n = i18nFor(locale);
  const fixed = scheme === 'auto' ? undefined : scheme;
  return (
    <html lang={locale} dir={i18n.dir(locale)} data-mantine-color-scheme={fixed} suppressHydrationWarning>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#FAF9F6" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0B0B12" />
        <meta property="csp-nonce" content="" nonce={nonce} suppressHydrationWarning />
        {fixed === undefined && (
          <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: schemeScript }} />
        )}
        <Meta />
        <Links />
      </head>
      <body>
        <I18nextProvider i18n={i18n}>
          <QueryProvider>
            <MantineProvider
              theme={theme}
              cssVariablesResolver={cssVariablesResolver}
              defaultColorScheme={scheme}
              colorSchemeManager={cookieSchemeManager}
              getStyleNonce={() => nonce}
            >
              <SkipLink />
              {children}
              <ToastHost />
              <ConfirmHost />
            </MantineProvider>
          </QueryProvider>
        </I18nextProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

function SkipLink() {
  const { t } = useTranslation('common');
  return (
    <a className="skip-link" href="#main">
      {t('skip')}
    </a>
  );
}

export default function Root() {
  const { actor, nowMs, readerZone, demo } = useRoot();
  const [params] = useSearchParams();
  useEffect(() => seedClock(nowMs), [nowMs]);
  useSamePerson(actor?.userId ?? null);
  useArrival();
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== readerZone) rememberZone(zone);
  }, [readerZone]);
  return (
    <>
      {demo && !params.has('frame') && <DemoBar />}
      <Outlet />
    </>
  );
}

export function ErrorBoundary() {
  return <DesignedError />;
}
