import { createRequire } from 'node:module';
import type { EventPageView, TierView } from '@liventix/contracts/events';
import type { EventSnapshot, TierAvailability } from '@liventix/contracts/live';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { i18nFor } from '~/platform/i18n/words.ts';
import { theme } from '~/ui/theme.ts';

type RouteObject = { id?: string; path: string; element: ReactNode };
interface Routing {
  createStaticHandler(routes: RouteObject[]): { dataRoutes: RouteObject[] };
  createStaticRouter(routes: RouteObject[], context: unknown): unknown;
  StaticRouterProvider: ComponentType<{ router: unknown; context: unknown; hydrate: boolean }>;
}
// The very copy that Remix uses: another one would have contexts of its own.
const beside = createRequire(createRequire(import.meta.url).resolve('@remix-run/react'));
const { createStaticHandler, createStaticRouter, StaticRouterProvider } = beside('react-router-dom/server') as Routing;

function routing(element: ReactNode) {
  const { dataRoutes } = createStaticHandler([{ path: '*', element }]);
  const context = {
    basename: '',
    location: { pathname: '/', search: '', hash: '', state: null, key: 'default' },
    matches: [{ params: {}, pathname: '/', pathnameBase: '/', route: dataRoutes[0] }],
    loaderData: {},
    actionData: null,
    errors: null,
    statusCode: 200,
    loaderHeaders: {},
    actionHeaders: {},
    activeDeferreds: null,
  };
  return { context, router: createStaticRouter(dataRoutes, context) };
}

/** A part of a page as the server writes it, before any script has run. */
export function renderPart(part: ReactNode): string {
  const { router, context } = routing(part);
  return renderToString(
    <I18nextProvider i18n={i18nFor('en')}>
      <QueryClientProvider client={new QueryClient()}>
        <MantineProvider theme={theme} env="test">
          <StaticRouterProvider router={router} context={context} hydrate={false} />
        </MantineProvider>
      </QueryClientProvider>
    </I18nextProvider>,
  )
    .replace(/<style.*?<\/style>/gs, '')
    .replaceAll('<!-- -->', '');
}

export function aTier(change: Partial<TierView> = {}): TierView {
  return {
    id: '0190aaaa-0000-7000-8000-000000000001',
    name: 'Floor',
    description: '',
    minPerOrder: 1,
    maxPerOrder: 10,
    faceCents: 1900,
    feeCents: 200,
    taxCents: 0,
    totalCents: 2100,
    taxRateBps: 0,
    salesStart: null,
    salesEnd: null,
    ...change,
  };
}

export function anEvent(
  change: Partial<EventPageView> & { availability?: Partial<TierAvailability>[]; data?: Partial<EventSnapshot> } = {},
): EventPageView {
  const { availability = [{}], data = {}, ...rest } = change;
  const tiers = rest.tiers ?? [aTier()];
  return {
    id: '0190aaaa-0000-7000-8000-0000000000ee',
    slug: 'velvet-static',
    title: 'Velvet Static',
    summary: '',
    description: '',
    status: data.status ?? 'published',
    visibility: 'public',
    startAt: new Date('2026-11-26T19:00:00Z'),
    endAt: new Date('2026-11-26T22:00:00Z'),
    doorsAt: null,
    overAt: new Date('2026-11-26T22:00:00Z'),
    timeZone: 'Europe/Berlin',
    venue: 'Saal Amrum',
    address: null,
    city: 'Berlin',
    category: 'concert',
    currency: 'EUR',
    lineUp: [],
    minAge: null,
    accessInfo: '',
    refundPolicy: 'until_1d',
    refundKeepsFees: false,
    taxIncluded: true,
    maxPerPerson: 10,
    cancelReason: null,
    palette: 'plum',
    posterVersion: 'v1',
    onlineUrl: null,
    host: {
      type: 'organization',
      id: '0190aaaa-0000-7000-8000-0000000000ff',
      slug: 'nordlicht',
      name: 'Nordlicht Kollektiv',
      palette: null,
      followers: 3,
      following: false,
    },
    tiers,
    snapshot: {
      version: 1,
      data: {
        status: 'published',
        paused: false,
        page: '',
        tiers: tiers.map((tier, index) => ({ id: tier.id, state: 'on_sale', ...availability[index] })),
        ...data,
      },
    },
    checkout: null,
    saved: false,
    alerts: [],
    ownTickets: 0,
    manages: false,
    serverNow: new Date('2026-11-22T18:00:00Z'),
    ...rest,
  };
}
