/** A whole shop for tests: the server on a port, its queue running, the payment simulator telling it by webhook. */
import { randomUUID } from 'node:crypto';
import type { CheckoutState, Snapshot } from '@liventix/contracts/live';
import type { CheckoutView } from '@liventix/contracts/orders';
import { checkInvariants } from '@liventix/db/invariants';
import { createTestApp, type LiveSocket, type TestApp, type Visitor } from '@liventix/server/testing';
import { type Simulators, startSimulators } from '@liventix/simulators/start-simulators';
import { expect } from 'vitest';

export interface TierPlan {
  quantity: number;
  priceCents?: number;
  maxPerOrder?: number;
}

export interface Stage {
  eventId: string;
  tierIds: string[];
  tierId: string;
}

export interface Buyer extends Visitor {
  userId: string;
  email: string;
}

export interface Till {
  app: TestApp;
  sims: Simulators;
  stage(tiers: TierPlan[], event?: Record<string, unknown>): Promise<Stage>;
  buyer(): Promise<Buyer>;
  /** Takes places and fills in the form. */
  order(buyer: Buyer, stage: Stage, quantity?: number): Promise<CheckoutView & { orderId: string }>;
  /** `order`, and the payment form opened. */
  pay(buyer: Buyer, stage: Stage, quantity?: number): Promise<CheckoutView & { orderId: string; intentId: string }>;
  intentOf(orderId: string): Promise<string>;
  watch(buyer: Buyer, checkoutId: string): Promise<LiveSocket>;
  /** Waits until a checkout's room says this state. */
  becomes(socket: LiveSocket, state: CheckoutState): Promise<Snapshot<'order'>>;
  /** Makes a checkout's time pass, under the locks of the domain. */
  lapse(checkoutId: string, ago?: string): Promise<void>;
  /** Waits until the queue holds nothing that is due. */
  worked(): Promise<void>;
  stock(tierId: string): Promise<{ issued: number; reserved: number }>;
  expectSound(): Promise<void>;
  close(): Promise<void>;
}

const places = (buyer: Buyer, stage: Stage, quantity: number, checkoutId: string = randomUUID()) =>
  buyer.api.holds.place({ eventId: stage.eventId, checkoutId, lines: [{ tierId: stage.tierId, quantity }] });

export { places };

export async function openTill(): Promise<Till> {
  const sims = await startSimulators({ settleAfterMs: 600_000, webhookRetryMs: 50 });
  const app = await createTestApp({
    env: {
      STRIPE_SIMULATOR: { host: '127.0.0.1', port: sims.stripePort, protocol: 'http' },
      STRIPE_WEBHOOK_SECRETS: ['whsec_the_next_secret_of_a_rotation', sims.webhookSecret],
    },
    feed: false,
    worker: true,
  });
  sims.stripe.setWebhookUrl(`${app.url}/webhooks/stripe`);
  const host = await app.signUp({ name: 'Jun Aoki' });
  const { admin } = app;

  const till: Till = {
    app,
    sims,
    async stage(tiers, event = {}) {
      const row = {
        title: 'Late Frequencies',
        venue: 'Kesselhaus',
        city: 'Berlin',
        owner_context_id: host.userId,
        created_by: host.userId,
        start_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
        status: 'published',
        fee_bps: 500,
        fee_fixed_cents: 50,
        ...event,
      };
      const [made] = await admin<{ id: string }[]>`insert into events.events ${admin(row)} returning id`;
      const eventId = made?.id ?? '';
      const tierIds: string[] = [];
      for (const { quantity, priceCents = 2000, maxPerOrder = 10 } of tiers) {
        const [tier] = await admin<{ id: string }[]>`
          insert into ticketing.ticket_tiers (event_id, name, price_cents, quantity, max_per_order, position)
          values (${eventId}, 'Floor', ${priceCents}, ${quantity}, ${maxPerOrder}, ${tierIds.length}) returning id`;
        tierIds.push(tier?.id ?? '');
      }
      return { eventId, tierIds, tierId: tierIds[0] ?? '' };
    },
    async buyer() {
      const guest = await app.guest();
      const actor = await guest.actor();
      return { ...guest, userId: actor?.userId ?? '', email: `mara-${randomUUID()}@example.test` };
    },
    async order(buyer, stage, quantity = 1) {
      const { checkoutId } = await places(buyer, stage, quantity);
      const view = await buyer.api.orders.create({
        checkoutId,
        email: buyer.email,
        name: 'Mara Lind',
        showFirstName: true,
      });
      return { ...view, orderId: view.order?.id ?? '' };
    },
    async pay(buyer, stage, quantity) {
      const view = await till.order(buyer, stage, quantity);
      await buyer.api.payments.start({ orderId: view.orderId });
      return { ...view, intentId: await till.intentOf(view.orderId) };
    },
    async intentOf(orderId) {
      const [row] = await admin<
        { id: string }[]
      >`select stripe_payment_intent_id as id from ticketing.orders where id = ${orderId}`;
      return row?.id ?? '';
    },
    async watch(buyer, checkoutId) {
      const socket = await buyer.socket();
      expect(await socket.join('order', checkoutId)).toMatchObject({ ok: true });
      return socket;
    },
    becomes: (socket, state) =>
      socket.next((given) => given.kind === 'order' && (given as Snapshot<'order'>).data.state === state) as Promise<
        Snapshot<'order'>
      >,
    async lapse(checkoutId, ago = '1 second') {
      await admin.begin(async (tx) => {
        await tx`select from ticketing.ticket_tiers where id in (select tier_id from ticketing.ticket_holds where checkout_id = ${checkoutId})
          order by id for no key update`;
        await tx`update ticketing.ticket_holds set expires_at = clock_timestamp() - ${ago}::interval where checkout_id = ${checkoutId} and status = 'active'`;
      });
    },
    async worked() {
      await sims.stripe.idle();
      await expect
        .poll(
          async () => {
            // A job that another of its key came beside is never tried again, but it may still run.
            const [row] = await admin<{ n: number }[]>`
              select count(*)::int as n from graphile_worker._private_jobs
               where locked_at is not null or attempts < max_attempts and run_at <= clock_timestamp()`;
            await sims.stripe.idle();
            return row?.n;
          },
          { timeout: 60_000, interval: 20 }, // only ends what hangs
        )
        .toBe(0);
    },
    async stock(tierId) {
      const [row] = await admin<{ issued: number; reserved: number }[]>`
        select issued_quantity as issued, reserved_quantity as reserved from ticketing.ticket_tiers where id = ${tierId}`;
      return row ?? { issued: -1, reserved: -1 };
    },
    async expectSound() {
      expect((await checkInvariants(app.db.engine.sql)).filter((result) => result.violations > 0)).toEqual([]);
    },
    async close() {
      await app.close();
      await sims.stop();
    },
  };
  return till;
}
