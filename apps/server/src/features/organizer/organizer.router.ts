import { EventRef } from '@liventix/contracts/events';
import {
  ChangePoster,
  CreateEvent,
  CreateTier,
  ListAttendees,
  ListOrders,
  OrderRef,
  PauseSales,
  Reconcile,
  RefundOrder,
  ReorderTiers,
  TierRef,
  UpdateEvent,
  UpdateTier,
} from '@liventix/contracts/organizer';
import { AdmitTicket, UndoAdmission } from '@liventix/contracts/tickets';
import { accountProcedure, limited, router } from '../../platform/trpc.ts';
import { checkHealth } from '../health/check-health.ts';
import { reconcileEvent } from '../health/reconcile-event.ts';
import { admitTicket, undoAdmission } from '../tickets/redeem-ticket.ts';
import { changePoster } from './change-poster.ts';
import { createTier, removeTier, reorderTiers, updateTier } from './change-tiers.ts';
import { createEvent } from './create-event.ts';
import { checkReadiness, pauseEvent, publishEvent, resumeEvent, unpublishEvent } from './publish-event.ts';
import { readDashboard, readEventDays } from './read-dashboard.ts';
import { readOrganizerEvent } from './read-event.ts';
import { listAttendees, listOrders, readOrganizerOrder } from './read-orders.ts';
import { readOverview } from './read-overview.ts';
import { refundOrder } from './refund-order.ts';
import { updateEvent } from './update-event.ts';

const edit = limited({ name: 'organizer.edit', points: 240, perSeconds: 60 });
const look = limited({ name: 'organizer.look', points: 240, perSeconds: 60 });
const heavy = limited({ name: 'organizer.heavy', points: 20, perSeconds: 60 });
const door = limited({ name: 'organizer.door', points: 300, perSeconds: 60 });

/** What the team of an event does with it. */
export const organizerRouter = router({
  overview: accountProcedure.use(look).query(({ ctx }) => readOverview(ctx)),
  event: accountProcedure
    .use(look)
    .input(EventRef)
    .query(({ ctx, input }) => readOrganizerEvent(ctx, input)),
  dashboard: accountProcedure
    .use(look)
    .input(EventRef)
    .query(({ ctx, input }) => readDashboard(ctx, input)),
  days: accountProcedure
    .use(look)
    .input(EventRef)
    .query(({ ctx, input }) => readEventDays(ctx, input)),
  createEvent: accountProcedure
    .use(heavy)
    .input(CreateEvent)
    .mutation(({ ctx, input }) => createEvent(ctx, input)),
  updateEvent: accountProcedure
    .use(edit)
    .input(UpdateEvent)
    .mutation(({ ctx, input }) => updateEvent(ctx, input)),
  changePoster: accountProcedure
    .use(edit)
    .input(ChangePoster)
    .mutation(({ ctx, input }) => changePoster(ctx, input)),
  tiers: router({
    create: accountProcedure
      .use(edit)
      .input(CreateTier)
      .mutation(({ ctx, input }) => createTier(ctx, input)),
    update: accountProcedure
      .use(edit)
      .input(UpdateTier)
      .mutation(({ ctx, input }) => updateTier(ctx, input)),
    delete: accountProcedure
      .use(edit)
      .input(TierRef)
      .mutation(({ ctx, input }) => removeTier(ctx, input)),
    reorder: accountProcedure
      .use(edit)
      .input(ReorderTiers)
      .mutation(({ ctx, input }) => reorderTiers(ctx, input)),
  }),
  readiness: accountProcedure
    .use(look)
    .input(EventRef)
    .query(({ ctx, input }) => checkReadiness(ctx, input)),
  publish: accountProcedure
    .use(edit)
    .input(EventRef)
    .mutation(({ ctx, input }) => publishEvent(ctx, input)),
  unpublish: accountProcedure
    .use(edit)
    .input(EventRef)
    .mutation(({ ctx, input }) => unpublishEvent(ctx, input)),
  pause: accountProcedure
    .use(edit)
    .input(PauseSales)
    .mutation(({ ctx, input }) => pauseEvent(ctx, input)),
  resume: accountProcedure
    .use(edit)
    .input(PauseSales)
    .mutation(({ ctx, input }) => resumeEvent(ctx, input)),
  orders: accountProcedure
    .use(look)
    .input(ListOrders)
    .query(({ ctx, input }) => listOrders(ctx, input)),
  order: accountProcedure
    .use(look)
    .input(OrderRef)
    .query(({ ctx, input }) => readOrganizerOrder(ctx, input)),
  attendees: accountProcedure
    .use(look)
    .input(ListAttendees)
    .query(({ ctx, input }) => listAttendees(ctx, input)),
  admit: accountProcedure
    .use(door)
    .input(AdmitTicket)
    .mutation(({ ctx, input }) => admitTicket(ctx, input)),
  undoAdmit: accountProcedure
    .use(door)
    .input(UndoAdmission)
    .mutation(({ ctx, input }) => undoAdmission(ctx, input)),
  refundOrder: accountProcedure
    .use(heavy)
    .input(RefundOrder)
    .mutation(({ ctx, input }) => refundOrder(ctx, input)),
  health: accountProcedure
    .use(look)
    .input(EventRef)
    .query(({ ctx, input }) => checkHealth(ctx, input)),
  reconcile: accountProcedure
    .use(heavy)
    .input(Reconcile)
    .mutation(({ ctx, input }) => reconcileEvent(ctx, input)),
});
