import { HostRef } from '@liventix/contracts/events';
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { HostPage } from '~/features/events/host-page.tsx';
import words from '~/platform/i18n/en/discover.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

function slugOf(params: { slug?: string | undefined }): string {
  const slug = HostRef.safeParse(params);
  if (!slug.success) throw data({ code: 'NOT_FOUND', words: null, reference: null }, { status: 404 });
  return slug.data.slug;
}

export async function loader({ params, context }: LoaderFunctionArgs) {
  return { ...(await load(context.api.events.host({ slug: slugOf(params) }))), origin: context.origin };
}

/** Following belongs to an account: whoever has none signs in first and comes back here. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const { actor, api } = context;
  const slug = slugOf(params);
  if (!actor || actor.isAnonymous) return redirect(paths.signIn(paths.organizer(slug)), 303);
  const host = {
    type: form.get('type') === 'user' ? ('user' as const) : ('organization' as const),
    id: String(form.get('id') ?? ''),
  };
  await load(form.get('intent') === 'unfollow' ? api.organizations.unfollow(host) : api.organizations.follow(host));
  return data({ ok: true });
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data
    ? pageMeta({
        title: data.host.name,
        description: data.description || words.host.description.replace('{{name}}', data.host.name),
        origin: data.origin,
        path: paths.organizer(data.host.slug),
        type: 'profile',
        image: data.upcoming[0] && paths.shareImage(data.upcoming[0].id),
      })
    : [];

export default function Host() {
  const { origin: _origin, ...view } = useLoaderData<typeof loader>();
  return <HostPage {...view} />;
}
