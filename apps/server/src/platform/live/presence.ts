import { createHash } from 'node:crypto';
import type { NodeMessage } from './across-nodes.ts';

/** Shown from 3 people up (docs/domain.md, "Access"); fewer would point at somebody. */
const SHOWN_FROM = 3;
const SHOWN_UP_TO = 100;
/** How often a node tells the others all it counts, and after how long without a word it is taken for gone. */
const WHOLE_EVERY_MS = 20_000;
const GONE_AFTER_MS = 50_000;

/** What the public sees of a count of people: 0 below 3 (the page shows nothing), at most 100 ("100+"). */
export function shownViewers(count: number): number {
  return count < SHOWN_FROM ? 0 : Math.min(count, SHOWN_UP_TO);
}

type PresenceMessage = Extract<NodeMessage, { name: 'presence' }>;

export interface PresenceOptions {
  report(key: string, viewers: number): void;
  /** Tells the other nodes; at most once per `everyMs`. */
  publish?(message: PresenceMessage): void;
  everyMs?: number;
  nowMs?(): number;
}

/**
 * Counts distinct people per room, on all nodes; one person with five tabs is one, on whichever nodes they are. Reports a
 * room at most once per `everyMs`. Nodes tell each other who (as short hashes) came and went, and everything now and
 * then: what got lost is right again after that, and a node that fell silent is forgotten.
 */
export class Presence {
  #rooms = new Map<string, Map<string, number>>();
  #elsewhere = new Map<string, { heardAt: number; rooms: Map<string, Set<string>> }>();
  #waiting = new Map<string, NodeJS.Timeout>();
  #changes = new Map<string, Map<string, boolean>>();
  #telling: NodeJS.Timeout | null = null;
  #whole: NodeJS.Timeout | null = null;
  #options: PresenceOptions;
  #everyMs: number;
  #nowMs: () => number;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? 1000;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    if (!options.publish) return;
    this.#whole = setInterval(() => this.tellAll(), WHOLE_EVERY_MS);
    this.#whole.unref();
  }

  enter(ref: string, person: string): void {
    const key = keyOf(person);
    const people = this.#rooms.get(ref) ?? new Map<string, number>();
    this.#rooms.set(ref, people);
    const tabs = people.get(key) ?? 0;
    people.set(key, tabs + 1);
    if (tabs > 0) return;
    this.#changed(ref, key, true);
    this.#plan(ref);
  }

  leave(ref: string, person: string): void {
    const key = keyOf(person);
    const people = this.#rooms.get(ref);
    const tabs = people?.get(key) ?? 0;
    if (!people || tabs === 0) return;
    if (tabs > 1) {
      people.set(key, tabs - 1);
      return;
    }
    people.delete(key);
    if (people.size === 0) this.#rooms.delete(ref);
    this.#changed(ref, key, false);
    this.#plan(ref);
  }

  /** Distinct people in a room, on this node and the others. */
  count(ref: string): number {
    const here = this.#rooms.get(ref);
    const others = [...this.#elsewhere.values()].flatMap(({ rooms }) => rooms.get(ref) ?? []);
    if (others.length === 0) return here?.size ?? 0;
    const all = new Set(here?.keys());
    for (const people of others) for (const key of people) all.add(key);
    return all.size;
  }

  /** Takes what another node says of its people. */
  hear(message: PresenceMessage, node: string): void {
    const known = this.#elsewhere.get(node);
    const rooms = known && !message.whole ? known.rooms : new Map<string, Set<string>>();
    const touched = new Set(message.whole ? known?.rooms.keys() : []);
    for (const { ref, entered, left } of message.rooms) {
      const people = rooms.get(ref) ?? new Set<string>();
      for (const key of entered) people.add(key);
      for (const key of left) people.delete(key);
      if (people.size > 0) rooms.set(ref, people);
      else rooms.delete(ref);
      touched.add(ref);
    }
    this.#elsewhere.set(node, { heardAt: this.#nowMs(), rooms });
    if (!known) this.tellAll(); // a node that just started knows nobody yet
    this.#forgetSilent(touched);
    for (const ref of touched) this.#plan(ref);
  }

  /** Tells the other nodes everything, so that what got lost on the way is right again. */
  tellAll(): void {
    this.#changes.clear();
    const rooms = [...this.#rooms].map(([ref, people]) => ({ ref, entered: [...people.keys()], left: [] }));
    this.#options.publish?.({ name: 'presence', whole: true, rooms });
    const touched = new Set<string>();
    this.#forgetSilent(touched);
    for (const ref of touched) this.#plan(ref);
  }

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    if (this.#telling) clearTimeout(this.#telling);
    if (this.#whole) clearInterval(this.#whole);
  }

  #forgetSilent(touched: Set<string>): void {
    for (const [node, { heardAt, rooms }] of this.#elsewhere) {
      if (this.#nowMs() - heardAt < GONE_AFTER_MS) continue;
      this.#elsewhere.delete(node);
      for (const ref of rooms.keys()) touched.add(ref);
    }
  }

  #changed(ref: string, key: string, here: boolean): void {
    if (!this.#options.publish) return;
    const people = this.#changes.get(ref) ?? new Map<string, boolean>();
    this.#changes.set(ref, people.set(key, here));
    if (this.#telling) return;
    this.#telling = setTimeout(() => {
      this.#telling = null;
      const rooms = [...this.#changes].map(([ref, people]) => ({
        ref,
        entered: [...people].filter(([, here]) => here).map(([key]) => key),
        left: [...people].filter(([, here]) => !here).map(([key]) => key),
      }));
      this.#changes.clear();
      if (rooms.length > 0) this.#options.publish?.({ name: 'presence', whole: false, rooms });
    }, this.#everyMs);
    this.#telling.unref();
  }

  // The first change is told at once, those of the following second together at its end.
  #plan(ref: string): void {
    if (this.#waiting.has(ref)) return;
    const told = this.count(ref);
    this.#options.report(ref, told);
    const timer = setTimeout(() => {
      this.#waiting.delete(ref);
      if (this.count(ref) !== told) this.#plan(ref);
    }, this.#everyMs);
    timer.unref();
    this.#waiting.set(ref, timer);
  }
}

/** Twelve characters: nobody's id travels between nodes, and two people of a room share one once in a trillion. */
function keyOf(person: string): string {
  return createHash('sha256').update(person).digest('base64url').slice(0, 12);
}
