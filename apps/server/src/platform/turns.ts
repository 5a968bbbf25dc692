import { limitKeyOf, networkOf } from './limit-key.ts';
import type { Actor } from './sessions.ts';
import { type Party, type TakeTurns, takeTurns } from './take-turns.ts';

/** Who is next where there is less room than wishes: addresses take turns, and the people of one (decision 019). */
export interface Turns {
  /** Pages are made by the one loop. */
  pages: TakeTurns;
  /** What procedures read. */
  queries: TakeTurns;
  /** Reads under the caller's own rights, whoever asks for them: procedures, files, rooms. */
  reads: TakeTurns;
  /** Transactions of the engine that somebody asked for. Jobs, webhooks and the taking of places never wait here. */
  changes: TakeTurns;
}

/** Of each kind; one address alone gets half of it (see `takeTurns`). */
const WAIT_MOST = 4000;

export function createTurns(): Turns {
  return {
    pages: takeTurns({ atOnce: 8, waitMost: WAIT_MOST, ofOneMost: WAIT_MOST }),
    queries: takeTurns({ atOnce: 16, waitMost: WAIT_MOST, ofOneMost: WAIT_MOST }),
    // As many as the pool that they read from has connections.
    reads: takeTurns({ atOnce: 10, waitMost: WAIT_MOST, ofOneMost: WAIT_MOST }),
    // Eight of the engine's twelve connections: what waits for no lock always finds one.
    changes: takeTurns({ atOnce: 8, waitMost: WAIT_MOST, ofOneMost: 20 }),
  };
}

/** The party of a caller: requests, network, address, person. Visitors of an address are one. */
export function partyOf({ ip, actor }: { ip: string; actor: Pick<Actor, 'userId'> | null }): Party {
  const address = limitKeyOf(ip);
  return ['requests', networkOf(address), address, actor?.userId ?? 'visitors'];
}

/** How long a request is held to be the same person's without asking again. */
export const WAITED_MS = 100;

export const hasWaited = (sinceMs: number): boolean => performance.now() - sinceMs > WAITED_MS;
