import { CreateOrganization } from '@liventix/contracts/organizations';
import { CreateEvent } from '@liventix/contracts/organizer';
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { NewEvent } from '~/features/organizer/new-event.tsx';
import { organizerPaths } from '~/features/organizer/organizer-paths.ts';
import { zoneOptions } from '~/features/organizer/zones.rules.ts';
import { readZone } from '~/platform/color-scheme.ts';
import words from '~/platform/i18n/en/organizer.json';
import { load } from '~/platform/loading.ts';
import { paths } from '~/platform/paths.ts';
import { pageMeta } from '~/platform/seo.tsx';

export async function loader({ request, context }: LoaderFunctionArgs) {
  if (!context.actor || context.actor.isAnonymous) throw redirect(paths.signIn(paths.newEvent()), 303);
  const zone = readZone(request.headers.get('cookie')) ?? 'Europe/Berlin';
  return {
    organizations: await load(context.api.organizations.mine()),
    zones: zoneOptions(Date.now(), zone),
    zone,
    origin: context.origin,
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const text = (name: string) => String(form.get(name) ?? '').trim();
  if (form.get('intent') === 'organization') {
    const input = CreateOrganization.safeParse({
      name: text('name'),
      city: text('city'),
      description: text('description'),
    });
    if (!input.success) return data({ problem: words.edit.error_any }, { status: 400 });
    const made = await load(context.api.organizations.create(input.data));
    throw redirect(organizerPaths.team(made.id), 303);
  }
  const host = text('host');
  const input = CreateEvent.safeParse({
    title: text('title'),
    timeZone: text('timeZone'),
    currency: text('currency'),
    ...(host ? { organizationId: host } : {}),
  });
  if (!input.success) return data({ problem: words.edit.error_any }, { status: 400 });
  const { eventId } = await load(context.api.organizer.createEvent(input.data));
  throw redirect(organizerPaths.edit(eventId), 303);
}

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta({ title: words.new.heading, origin: data?.origin ?? '', path: paths.newEvent(), noindex: true });

export default function OrganizerNew() {
  const { origin: _origin, ...props } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem ?? null;
  return <NewEvent {...props} problem={problem} />;
}
