import { ListOrders } from '@liventix/contracts/organizer';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { OrdersList } from '~/features/organizer/orders-list.tsx';
import { load } from '~/platform/loading.ts';

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const asked = ListOrders.safeParse({
    eventId: params.eventId,
    q: searchParams.get('q') ?? '',
    state: searchParams.get('state') ?? 'all',
  });
  return {
    view: await load(context.api.organizer.orders(asked.success ? asked.data : { eventId: params.eventId ?? '' })),
  };
}

export default function OrganizerOrders() {
  const { view } = useLoaderData<typeof loader>();
  return <OrdersList view={view} />;
}
