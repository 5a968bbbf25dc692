import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { WorkCtx } from '../../platform/context.ts';
import { perProcess } from '../inventory/per-process.ts';
import { holdPressure } from '../inventory/pressure.ts';
import { reportPressure } from './waiting-room.sql.ts';

const EVERY_MS = 500;
const EVENTS_KEPT = 2000;

/** When each event was looked at last. */
const watchesOf = perProcess(() => ({ node: randomUUID(), lookedAt: new Map<string, number>() }));

/**
 * Called with every request for places: twice a second per event it tells the database what this process is asked and
 * decides, where all processes are added up and a room may open by itself. A process that keeps up tells it too: the sum is
 * of all of them, or one slow process would look like a rush. Who asks alone in two seconds costs no report. Nobody waits for it.
 */
export function watchPressure(ctx: WorkCtx, eventId: string): void {
  const { node, lookedAt } = watchesOf(ctx);
  const now = performance.now();
  if (now - (lookedAt.get(eventId) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
  if (!lookedAt.has(eventId) && lookedAt.size >= EVENTS_KEPT) lookedAt.clear();
  lookedAt.set(eventId, now);
  const pressure = holdPressure(ctx.services, eventId);
  if (pressure.requestsPerSecond === 0) return;
  reportPressure(ctx.db.engine.sql, eventId, node, pressure).then(
    (opened) => {
      if (opened) ctx.live.touch('waiting', eventId);
    },
    (err) => ctx.log.warn({ err }, 'pressure could not be reported'),
  );
}
