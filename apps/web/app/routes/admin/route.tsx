import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { AllHealth } from '~/features/admin/all-health.tsx';
import words from '~/platform/i18n/en/admin.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

/** For the platform's own staff; nobody else learns that it exists. */
export async function loader({ context }: LoaderFunctionArgs) {
  return { health: await load(context.api.health.all()), origin: context.origin };
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data ? pageMeta({ title: words.heading, origin: data.origin, path: paths.admin(), noindex: true }) : [];

export default function Admin() {
  const { health } = useLoaderData<typeof loader>();
  return <AllHealth initial={health} />;
}
