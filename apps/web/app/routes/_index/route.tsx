import { Discover } from '@liventix/contracts/events';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { type DiscoverAsk, DiscoverPage } from '~/features/events/discover-page.tsx';
import words from '~/platform/i18n/en/discover.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

/** What the address asks for. Fields that make no sense are left out, so that an old link still finds something. */
function readAsk(request: Request): DiscoverAsk & { cursor?: string } {
  const params = new URL(request.url).searchParams;
  // A pressed button comes after the hidden field of the same name.
  const last = (name: string) => params.getAll(name).at(-1)?.trim() || undefined;
  const asked = {
    q: last('q')?.slice(0, 80),
    city: last('city'),
    when: last('when'),
    date: last('date'),
    category: last('category'),
    cursor: last('cursor'),
  };
  const kept = Object.entries(asked).filter(
    ([name, value]) => value !== undefined && Discover.safeParse({ [name]: value }).success,
  );
  return Object.fromEntries(kept);
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { cursor, ...asked } = readAsk(request);
  const { api, origin } = context;
  const searching = Object.entries(asked).some(([name]) => name !== 'city') || cursor !== undefined;
  const [found, moving, cities, categories] = await load(
    Promise.all([
      api.events.discover({ ...asked, cursor }),
      searching ? null : api.events.movingNow({ city: asked.city }),
      api.events.cities(),
      api.events.categories({ city: asked.city }),
    ]),
  );
  return { asked, found, moving, cities, categories, origin };
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta({
    title: data?.asked.city ? words.title_city.replace('{{city}}', data.asked.city) : words.title,
    description: words.description,
    origin: data?.origin ?? '',
    path: '/',
    image: data?.found.events[0] && paths.shareImage(data.found.events[0].id),
  });

export default function Index() {
  const { asked, found, moving, cities, categories } = useLoaderData<typeof loader>();
  return <DiscoverPage asked={asked} found={found} moving={moving} cities={cities} categories={categories} />;
}
