import os from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** What became of a work: thrown errors are told apart from the death of the thread. */
export type Outcome = { value: unknown } | { thrown: unknown };

/** A third of the share of others while all cores are busy; more would starve mails on a machine that has much else to do. */
const NICENESS = 5;

type Works = Record<string, (input: never) => unknown>;

/** The thread's side of a `WorkThread`: `export default serveWorks({ … })`. */
export function serveWorks(works: Works): (task: { name: string; input: unknown }) => Promise<Outcome> {
  // Buyers come first when all cores are busy. Linux has priorities by thread; elsewhere this would slow the server down.
  if (!isMainThread && process.platform === 'linux') os.setPriority(NICENESS);
  return async ({ name, input }) => {
    try {
      const work = works[name];
      if (!work) throw new TypeError(`there is no work called ${name}`);
      return { value: await work(input as never) };
    } catch (thrown) {
      return { thrown };
    }
  };
}
