import type { Logger } from '../../platform/log.ts';
import { besideModule, createWorkThread, type WorkThread } from '../../platform/work-thread.ts';
import type { drawings } from './drawings.ts';

type Drawings = typeof drawings;
type Drawn<N extends keyof Drawings> =
  Awaited<ReturnType<Drawings[N]>> extends infer D ? (D extends Uint8Array ? Buffer : D) : never;

/**
 * Draws in the drawing thread, in order of arrival. BUSY when too many drawings wait, WORK_LOST when the thread died; what a drawing
 * throws is thrown here.
 */
export type Draw = <N extends keyof Drawings>(name: N, input: Parameters<Drawings[N]>[0]) => Promise<Drawn<N>>;

/** The thread of this process that draws. */
export function openDrawings(log: Logger): WorkThread {
  return createWorkThread({ file: besideModule(import.meta.url, 'drawings'), log });
}

/** `draw('receipt', { … })` of a thread. */
export function drawIn(thread: WorkThread): Draw {
  return async (name, input) => {
    const drawn = await thread.run(name, input);
    return (
      drawn instanceof Uint8Array ? Buffer.from(drawn.buffer, drawn.byteOffset, drawn.byteLength) : drawn
    ) as never;
  };
}
