import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { WorkCtx } from '../../platform/context.ts';
import { perProcess } from '../inventory/per-process.ts';
import { holdPressure } from '../inventory/pressure.ts';
import { reportPressure } from './waiting-room.sql.ts';

const EVERY_MS = 500;
/** Fewer requests a second than these are no rush, whatever becomes of them. */
const RUSH_FROM = 50;
/** A process that was pressed goes on reporting for so long, so that the sum over all processes is whole. */
const AFTERWARDS_MS = 6000;
const EVENTS_KEPT = 2000;

interface Watch {
  lookedAt: number;
  pressedAt: number;
}

const watchesOf = perProcess(() => ({ node: randomUUID(), events: new Map<string, Watch>() }));

/**
 * Called with every request for places: twice a second per event it looks at what this process is asked and decides, and
 * while more is asked than decided it tells the database, where all processes are added up and a room may open by itself.
 * Nobody waits for it.
 */
export function watchPressure(ctx: WorkCtx, eventId: string): void {
  const watches = watchesOf(ctx);
  const now = performance.now();
  let watch = watches.events.get(eventId);
  if (!watch) {
    if (watches.events.size >= EVENTS_KEPT) watches.events.clear();
    watch = { lookedAt: Number.NEGATIVE_INFINITY, pressedAt: Number.NEGATIVE_INFINITY };
    watches.events.set(eventId, watch);
  }
  if (now - watch.lookedAt < EVERY_MS) return;
  watch.lookedAt = now;
  const pressure = holdPressure(ctx.services, eventId);
  if (pressure.requestsPerSecond >= RUSH_FROM && pressure.requestsPerSecond > 1.2 * pressure.drainPerSecond)
    watch.pressedAt = now;
  if (now - watch.pressedAt > AFTERWARDS_MS) return;
  reportPressure(ctx.db.engine.sql, eventId, watches.node, pressure).then(
    (opened) => {
      if (opened) ctx.live.touch('waiting', eventId);
    },
    (err) => ctx.log.warn({ err }, 'pressure could not be reported'),
  );
}
