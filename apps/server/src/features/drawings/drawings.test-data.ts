import { serveWorks } from '../../platform/serve-works.ts';
import { documents, pictures } from './drawings.ts';

/** Longer than the test waits: only where drawings run on the loop is the gate still closed by then. */
const GATE_MS = 20_000;

const printed: string[] = [];

/**
 * The product's drawings, but one title kills the thread; a work that holds the thread until its gate opens; and the titles of the tickets
 * that were printed, in the order in which their turns came.
 */
export default serveWorks({
  ...pictures,
  ...documents,
  poster: (input: Parameters<typeof pictures.poster>[0]) =>
    input.title === 'Fatal' ? process.exit(1) : pictures.poster(input),
  tickets: (input: Parameters<typeof documents.tickets>[0]) => {
    printed.push(input.event.title);
    return documents.tickets(input);
  },
  printed: () => printed.splice(0),
  hold: ({ gate }: { gate: Int32Array<SharedArrayBuffer> }) => {
    if (Atomics.wait(gate, 0, 0, GATE_MS) === 'timed-out') throw new Error('the gate stayed closed');
  },
});
