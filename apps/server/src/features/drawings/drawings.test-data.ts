import { serveWorks } from '../../platform/serve-works.ts';
import { drawings } from './drawings.ts';

/** Longer than the test waits: only where drawings run on the loop is the gate still closed by then. */
const GATE_MS = 20_000;

/** The product's drawings, but one title kills the thread; and a work that holds the thread until its gate opens. */
export default serveWorks({
  ...drawings,
  poster: (input: Parameters<typeof drawings.poster>[0]) =>
    input.title === 'Fatal' ? process.exit(1) : drawings.poster(input),
  hold: ({ gate }: { gate: Int32Array<SharedArrayBuffer> }) => {
    if (Atomics.wait(gate, 0, 0, GATE_MS) === 'timed-out') throw new Error('the gate stayed closed');
  },
});
