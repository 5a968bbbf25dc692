import { serveWorks } from './serve-works.ts';

/** Longer than any test waits; only a thread that runs on the loop itself gets here. */
const GATE_MS = 20_000;

/** Works of the tests of work threads. */
export default serveWorks({
  echo: (input: unknown) => input,
  refuse: () => {
    throw new RangeError('not with me');
  },
  /** Holds the whole thread up until the gate is opened. */
  hold: ({ gate }: { gate: Int32Array<SharedArrayBuffer> }) => {
    if (Atomics.wait(gate, 0, 0, GATE_MS) === 'timed-out') throw new Error('nobody opened the gate');
    return 'held';
  },
  die: () => process.exit(1),
  throwOutside: () => new Promise(() => setImmediate(() => Promise.reject(new Error('nobody listens')))),
  fillMemory: () => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(1e5).fill(0).map((_, index) => ({ index })));
  },
  neverEnd: () => {
    for (;;);
  },
});
