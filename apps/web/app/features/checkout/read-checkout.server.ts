import type { CheckoutView } from '@liventix/contracts/orders';
import type { TicketPageView } from '@liventix/contracts/tickets';
import type { AppLoadContext } from '@remix-run/node';
import { load } from '~/platform/loading.ts';
import { makeCheckoutId } from './checkout-id.ts';
import { refusalOf } from './refusal.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface FoundCheckout {
  view: CheckoutView;
  tickets: TicketPageView | null;
  nextId: string;
  /** The person's running checkout of this event, when this one ended: another tab changed it. */
  elsewhere: string | null;
}

/** The caller's checkout for its page; null for missing and foreign ones alike. `askBank` syncs a payment under way first. */
export async function readCheckout(
  api: AppLoadContext['api'],
  checkoutId: string,
  { askBank = false } = {},
): Promise<FoundCheckout | null> {
  if (!UUID.test(checkoutId)) return null;
  let view: CheckoutView;
  try {
    view = await api.orders.checkout({ checkoutId });
  } catch (thrown) {
    if (refusalOf(thrown)?.status === 404) return null;
    return load(Promise.reject(thrown));
  }
  const open = view.state === 'paying' || view.state === 'processing' || view.state === 'expired';
  if (askBank && view.order && open) {
    try {
      view = await api.payments.sync({ orderId: view.order.id });
    } catch (thrown) {
      // The provider is away: the page waits for its webhook.
      if (!refusalOf(thrown)) throw thrown;
    }
  }
  const tickets =
    view.order && view.tickets.length > 0
      ? await api.tickets.ofOrder({ orderId: view.order.id }).catch(() => null)
      : null;
  const over = view.state === 'expired' || view.state === 'released';
  const current = over ? await load(api.holds.current({ eventId: view.event.id })) : null;
  return {
    view,
    tickets,
    nextId: makeCheckoutId(),
    elsewhere: current && current.checkoutId !== view.checkoutId ? current.checkoutId : null,
  };
}
