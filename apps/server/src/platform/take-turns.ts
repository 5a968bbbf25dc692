import { LiventixError } from './errors.ts';

/** Who asks, from the widest group to the narrowest: `['requests', network, address, person]`. */
export type Party = readonly [string, ...string[]];

/** Runs a work when it is its party's turn. Throws BUSY where too much waits already. */
export type TakeTurns = <T>(party: Party, work: () => Promise<T>) => Promise<T>;

export interface TurnsOptions {
  /** How many works run at once. */
  atOnce: number;
  /** How many of one widest group wait at most. */
  waitMost: number;
  /** How many of one narrowest group wait at most. */
  ofOneMost: number;
}

/** A group that waits. Its branches stand in the order of their next turns. */
interface Group {
  size: number;
  branches: Map<string, Group>;
  starts: (() => void)[];
}

const RETRY_SECONDS = 5;

const emptyGroup = (): Group => ({ size: 0, branches: new Map(), starts: [] });

/**
 * Runs a few works at once. The turns of those that wait go round by group, within it by the groups in it, and within the narrowest
 * by arrival: a pile of works delays nobody but its own party. What is too much is BUSY at once. A group may wait with as many works
 * as there is room left, so one alone fills half of it, and there is always some for another.
 */
export function takeTurns({ atOnce, waitMost, ofOneMost }: TurnsOptions): TakeTurns {
  const line = emptyGroup();
  let running = 0;

  const isFull = (party: Party): boolean => {
    const [widest, ...narrower] = groupsOf(line, party);
    const room = waitMost - (widest?.size ?? 0);
    const most = (depth: number) => (depth === party.length - 1 ? Math.min(room, ofOneMost) : room);
    return room <= 0 || narrower.some(({ size }, at) => size >= most(at + 1));
  };

  return async (party, work) => {
    if (running < atOnce) running++;
    else if (isFull(party)) throw new LiventixError('BUSY', { retryAfterSeconds: RETRY_SECONDS });
    // Who ends hands the turn on, so nobody who comes in between goes ahead of those that wait.
    else await new Promise<void>((start) => join(line, party, start));
    try {
      return await work();
    } finally {
      const start = takeFirst(line);
      if (start) start();
      else running--;
    }
  };
}

/** The groups of a party that wait already, the widest first. */
function groupsOf(line: Group, party: Party): Group[] {
  const found: Group[] = [];
  for (const name of party) {
    const group = (found.at(-1) ?? line).branches.get(name);
    if (!group) break;
    found.push(group);
  }
  return found;
}

function join(group: Group, [name, ...rest]: readonly string[], start: () => void): void {
  group.size++;
  if (name === undefined) return void group.starts.push(start);
  const branch = group.branches.get(name) ?? emptyGroup();
  group.branches.set(name, branch);
  join(branch, rest, start);
}

/** Takes whose turn it is, and moves its groups to the end of theirs. */
function takeFirst(group: Group): (() => void) | undefined {
  if (group.size === 0) return undefined;
  group.size--;
  for (const [name, branch] of group.branches) {
    group.branches.delete(name);
    const start = takeFirst(branch);
    if (branch.size > 0) group.branches.set(name, branch);
    return start;
  }
  return group.starts.shift();
}
