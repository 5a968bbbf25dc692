import type { OrderSnapshot } from '@liventix/contracts/live';
import type { CheckoutView } from '@liventix/contracts/orders';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRoom } from '~/platform/live/index.ts';
import { trpc } from '~/platform/trpc.ts';

/** While the bank decides; slower after a minute. */
const ASK_BANK_MS = 3_000;
const ASK_BANK_SLOW_MS = 15_000;
/** After a lapse the number of free places moves on. */
const ASK_FREE_MS = 5_000;

export const isRunning = (state: CheckoutView['state']): boolean => state === 'holding' || state === 'paying';

function snapshotOf(view: CheckoutView): { version: number; data: OrderSnapshot } {
  return {
    version: view.snapshotVersion,
    data: {
      checkoutId: view.checkoutId,
      eventId: view.event.id,
      orderId: view.order?.id ?? null,
      orderCode: view.order?.code ?? null,
      state: view.state,
      expiresAt: view.expiresAt?.getTime() ?? null,
      extendable: view.extendable,
      paused: view.paused,
      standsUntil: view.standsUntil,
      lines: view.lines.map(({ tierId, quantity }) => ({ tierId, quantity })),
      ticketCount: view.tickets.length,
      refundedCents: view.refundedCents,
      owedCents: view.owedCents,
      paymentError: view.order?.paymentError ?? null,
    },
  };
}

const isNewer = (a: CheckoutView, b: CheckoutView): boolean =>
  a.snapshotVersion > b.snapshotVersion || (a.snapshotVersion === b.snapshotVersion && a.serverNow > b.serverNow);

export interface LiveCheckout {
  view: CheckoutView;
  /** Epoch milliseconds by the server's clock; null when nothing runs. */
  expiresAtMs: number | null;
  extendable: boolean;
  paused: boolean;
  /** Until when the clock stands; null while it runs. */
  standsUntilMs: number | null;
  stale: boolean;
  /** Takes a newer view that a call of ours brought; an older one is dropped. */
  accept: (view: CheckoutView) => void;
  /** Asks the server how things stand. */
  refresh: () => void;
}

/** One checkout, the same in every tab: the loader's view, moved on by its room and by what our own calls answer. */
export function useCheckout(loaded: CheckoutView): LiveCheckout {
  const [told, setTold] = useState<CheckoutView | null>(null);
  const view = told && told.checkoutId === loaded.checkoutId && isNewer(told, loaded) ? told : loaded;
  const initial = useMemo(() => snapshotOf(view), [view]);
  const room = useRoom('order', view.checkoutId, initial);
  const { checkoutId } = view;

  const accept = useCallback((next: CheckoutView) => {
    setTold((before) => (before && before.checkoutId === next.checkoutId && isNewer(before, next) ? before : next));
  }, []);
  const asking = useRef(false);
  const again = useRef(false);
  const refresh = useCallback(() => {
    if (asking.current) {
      again.current = true;
      return;
    }
    asking.current = true;
    trpc.orders.checkout
      .query({ checkoutId })
      .then(accept, () => {
        // Offline, or signed out meanwhile: what is shown stays, the socket or the next question tells.
      })
      .finally(() => {
        asking.current = false;
        if (!again.current) return;
        again.current = false;
        refresh();
      });
  }, [checkoutId, accept]);

  const behind = room.version > view.snapshotVersion;
  useEffect(() => {
    if (behind) refresh();
  }, [behind, refresh, room.version]);

  // Coming back by the browser's own memory of the page shows what is true now, not what was.
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) refresh();
    };
    window.addEventListener('pageshow', shown);
    return () => window.removeEventListener('pageshow', shown);
  }, [refresh]);

  const { state } = view;
  const orderId = view.order?.id;
  useEffect(() => {
    if (state !== 'processing' || !orderId) return;
    const startedMs = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const ask = () => {
      trpc.payments.sync.mutate({ orderId }).then(accept, () => {
        // The provider is away; its webhook reaches us another time, the room tells.
      });
      timer = setTimeout(ask, Date.now() - startedMs > 60_000 ? ASK_BANK_SLOW_MS : ASK_BANK_MS);
    };
    timer = setTimeout(ask, ASK_BANK_MS);
    return () => clearTimeout(timer);
  }, [state, orderId, accept]);

  const waiting = state === 'expired' || state === 'released';
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), ASK_FREE_MS);
    return () => clearInterval(timer);
  }, [waiting, refresh]);

  const live = behind ? room.data : initial.data;
  return {
    view,
    expiresAtMs: isRunning(view.state) ? (live.expiresAt ?? view.expiresAt?.getTime() ?? null) : null,
    extendable: live.extendable,
    paused: live.paused,
    standsUntilMs: live.standsUntil,
    stale: room.stale,
    accept,
    refresh,
  };
}
