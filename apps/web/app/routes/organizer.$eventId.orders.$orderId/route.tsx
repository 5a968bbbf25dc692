import type { LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useOutletContext } from '@remix-run/react';
import type { EventShellContext } from '~/features/organizer/event-shell.tsx';
import { OrderDetail } from '~/features/organizer/order-detail.tsx';
import { load } from '~/platform/loading.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function loader({ params, context }: LoaderFunctionArgs) {
  const orderId = params.orderId ?? '';
  if (!UUID.test(orderId)) throw new Response(null, { status: 404 });
  const order = await load(context.api.organizer.order({ orderId }));
  if (order.event.id !== params.eventId) throw new Response(null, { status: 404 });
  return { order };
}

export default function OrganizerOrder() {
  const { order } = useLoaderData<typeof loader>();
  const { may, version } = useOutletContext<EventShellContext>();
  return <OrderDetail key={order.id} initial={order} mayRefund={may('refunds')} version={version} />;
}
