import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Overview } from '~/features/organizer/overview.tsx';
import words from '~/platform/i18n/en/organizer.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

export async function loader({ context }: LoaderFunctionArgs) {
  if (!context.actor || context.actor.isAnonymous) throw redirect(paths.signIn(paths.organize()), 303);
  return { ...(await load(context.api.organizer.overview())), origin: context.origin };
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta({ title: words.overview.heading, origin: data?.origin ?? '', path: paths.organize(), noindex: true });

export default function OrganizerOverview() {
  const { origin: _origin, ...view } = useLoaderData<typeof loader>();
  return <Overview {...view} />;
}
