import {
  ConfirmAlert,
  Discover,
  EventRef,
  EventSlug,
  HostRef,
  InCity,
  TellMe,
  UntellMe,
  ViewPage,
} from '@liventix/contracts/events';
import { limited, ownTurnsProcedure, publicProcedure, router } from '../../platform/trpc.ts';
import { discoverEvents } from './discover-events.ts';
import { listCategories, listCities } from './list-cities.ts';
import { listMoving } from './list-moving.ts';
import { readEventPage } from './read-event-page.ts';
import { readHostPage } from './read-host.ts';
import { recordView } from './record-view.ts';
import { listSaved, saveEvent, unsaveEvent } from './save-event.ts';
import { confirmTelling, tellMe, untellMe } from './tell-person.ts';

const own = limited({ name: 'events.own', points: 60, perSeconds: 60 });

/** Events as people find, open and keep them. What their team does with them is the organizer's router. */
export const eventsRouter = router({
  discover: ownTurnsProcedure.input(Discover).query(({ ctx, input }) => discoverEvents(ctx, input)),
  movingNow: publicProcedure.input(InCity).query(({ ctx, input }) => listMoving(ctx, input)),
  cities: publicProcedure.query(({ ctx }) => listCities(ctx)),
  categories: publicProcedure.input(InCity).query(({ ctx, input }) => listCategories(ctx, input)),
  bySlug: publicProcedure.input(EventSlug).query(({ ctx, input }) => readEventPage(ctx, input)),
  host: publicProcedure.input(HostRef).query(({ ctx, input }) => readHostPage(ctx, input)),
  saved: publicProcedure.query(({ ctx }) => listSaved(ctx)),
  save: publicProcedure
    .use(own)
    .input(EventRef)
    .mutation(({ ctx, input }) => saveEvent(ctx, input)),
  unsave: publicProcedure
    .use(own)
    .input(EventRef)
    .mutation(({ ctx, input }) => unsaveEvent(ctx, input)),
  tellMe: publicProcedure
    .use(limited({ name: 'events.tell-me', points: 10, perSeconds: 600, visitorPoints: 600 }))
    .input(TellMe)
    .mutation(({ ctx, input }) => tellMe(ctx, input)),
  confirmAlert: publicProcedure
    .use(limited({ name: 'events.confirm-alert', points: 60, perSeconds: 60, by: 'address' }))
    .input(ConfirmAlert)
    .mutation(({ ctx, input }) => confirmTelling(ctx, input)),
  untellMe: publicProcedure
    .use(own)
    .input(UntellMe)
    .mutation(({ ctx, input }) => untellMe(ctx, input)),
  viewed: publicProcedure
    .use(limited({ name: 'events.viewed', points: 120, perSeconds: 60, by: 'address' }))
    .input(ViewPage)
    .mutation(({ ctx, input }) => recordView(ctx, input)),
});
