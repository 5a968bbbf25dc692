import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { AllHealth } from '~/features/admin/all-health.tsx';
import { refusalOf } from '~/features/checkout/refusal.ts';
import words from '~/platform/i18n/en/admin.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

/** For the platform's own staff; nobody else learns that it exists. */
export async function loader({ context }: LoaderFunctionArgs) {
  try {
    return { health: await context.api.health.all(), origin: context.origin };
  } catch (thrown) {
    if (refusalOf(thrown)?.code === 'SECOND_FACTOR_REQUIRED') throw redirect(paths.security(paths.admin()));
    return load(Promise.reject(thrown));
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data ? pageMeta({ title: words.heading, origin: data.origin, path: paths.admin(), noindex: true }) : [];

export default function Admin() {
  const { health } = useLoaderData<typeof loader>();
  return <AllHealth initial={health} />;
}
