/** What the server wants first: a sign-in of the last ten minutes, or a second factor on the account. */
export type Wanted = 'FRESH_SIGN_IN_REQUIRED' | 'SECOND_FACTOR_REQUIRED';

export interface Ask {
  id: number;
  wanted: Wanted;
  /** True: done, the work may be tried again. */
  answer: (done: boolean) => void;
}

let asks: readonly Ask[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Ask[]): void {
  asks = next;
  for (const listener of listeners) listener();
}

/** Whether a refusal is one that the user can lift on the spot. */
export function isWanted(code: unknown): code is Wanted {
  return code === 'FRESH_SIGN_IN_REQUIRED' || code === 'SECOND_FACTOR_REQUIRED';
}

/** Opens the dialog that leads through it; resolves to whether it is done. */
export function askFor(wanted: Wanted): Promise<boolean> {
  return new Promise((resolve) => {
    const id = nextId++;
    const answer = (done: boolean) => {
      set(asks.filter((ask) => ask.id !== id));
      resolve(done);
    };
    set([...asks, { id, wanted, answer }]);
  });
}

export function subscribeAsks(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NONE: readonly Ask[] = [];
export const currentAsks = (): readonly Ask[] => asks;
export const noAsks = (): readonly Ask[] => NONE;
