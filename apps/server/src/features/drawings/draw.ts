import type { Ctx, Services, WorkCtx } from '../../platform/context.ts';
import type { Logger } from '../../platform/log.ts';
import type { Party } from '../../platform/take-turns.ts';
import { partyOf } from '../../platform/turns.ts';
import { besideModule, createWorkThread } from '../../platform/work-thread.ts';
import type { documents, pictures } from './drawings.ts';
import { keepDrawn } from './keep-drawn.ts';

type Drawings = typeof documents & typeof pictures;
type Drawn<N extends keyof Drawings> =
  Awaited<ReturnType<Drawings[N]>> extends infer D ? (D extends Uint8Array ? Buffer : D) : never;

/**
 * Draws in the thread of its lane when it is this caller's turn. BUSY when too many of hers wait, WORK_LOST when the thread died; what a
 * drawing throws is thrown here.
 */
export type Draw = <N extends keyof Drawings>(name: N, input: Parameters<Drawings[N]>[0]) => Promise<Drawn<N>>;

/** What a buyer waits for with her tickets in mind: it never stands behind pictures. */
const DOCUMENTS = { tickets: 1, receipt: 1, stub: 1, stubMotif: 1 } satisfies Record<keyof typeof documents, 1>;
/** More tickets than anybody opens at once. */
const DOCUMENTS_OF_ONE_MOST = 4;

/** The threads of this process that draw. */
export function openDrawings(log: Logger): Services['drawings'] {
  const file = besideModule(import.meta.url, 'drawings');
  return {
    documents: createWorkThread({ file, log, ofOneMost: DOCUMENTS_OF_ONE_MOST }),
    pictures: createWorkThread({ file, log, atOnce: 2 }),
  };
}

/** `drawFor(ctx)('receipt', { … })`, in the caller's turn. */
export function drawFor(ctx: WorkCtx | Ctx): Draw {
  return drawIn(ctx.services.drawings, whoseOf(ctx));
}

/** Draws in a party's turn. */
export function drawIn(drawings: Services['drawings'], party: Party): Draw {
  const keep = keepers.get(drawings) ?? keepDrawn();
  keepers.set(drawings, keep);
  return (name, input) => {
    const draw = async (): Promise<never> => {
      const drawn = await (name in DOCUMENTS ? drawings.documents : drawings.pictures).run(name, input, party);
      return (
        drawn instanceof Uint8Array ? Buffer.from(drawn.buffer, drawn.byteOffset, drawn.byteLength) : drawn
      ) as never;
    };
    // Pictures have a cache of their own (`posters/poster-cache`).
    return name === 'tickets' || name === 'receipt' ? (keep(name, input, draw) as Promise<never>) : draw();
  };
}

const keepers = new WeakMap<Services['drawings'], ReturnType<typeof keepDrawn>>();

/** Jobs apart from requests. */
const whoseOf = (ctx: WorkCtx | Ctx): Party => ('ip' in ctx ? partyOf(ctx) : ['jobs']);
