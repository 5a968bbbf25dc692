/** Shown from 3 people up (1-domain, "Access"); fewer would point at somebody. */
const SHOWN_FROM = 3;
const SHOWN_UP_TO = 100;

/** What the public sees of a count of people: 0 below 3 (the page shows nothing), at most 100 ("100+"). */
export function shownViewers(count: number): number {
  return count < SHOWN_FROM ? 0 : Math.min(count, SHOWN_UP_TO);
}

/** Counts distinct people per room; one person with five tabs is one. Reports a room at most once per `everyMs`. */
export class Presence {
  #rooms = new Map<string, Map<string, number>>();
  #waiting = new Map<string, NodeJS.Timeout>();
  #report: (key: string, viewers: number) => void;
  #everyMs: number;

  constructor(options: { report: (key: string, viewers: number) => void; everyMs?: number }) {
    this.#report = options.report;
    this.#everyMs = options.everyMs ?? 1000;
  }

  enter(key: string, person: string): void {
    const people = this.#rooms.get(key) ?? new Map<string, number>();
    this.#rooms.set(key, people);
    const tabs = people.get(person) ?? 0;
    people.set(person, tabs + 1);
    if (tabs === 0) this.#plan(key);
  }

  leave(key: string, person: string): void {
    const people = this.#rooms.get(key);
    const tabs = people?.get(person) ?? 0;
    if (!people || tabs === 0) return;
    if (tabs > 1) {
      people.set(person, tabs - 1);
      return;
    }
    people.delete(person);
    if (people.size === 0) this.#rooms.delete(key);
    this.#plan(key);
  }

  count(key: string): number {
    return this.#rooms.get(key)?.size ?? 0;
  }

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  // The first change is told at once, those of the following second together at its end.
  #plan(key: string): void {
    if (this.#waiting.has(key)) return;
    this.#report(key, this.count(key));
    const told = this.count(key);
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      if (this.count(key) !== told) this.#plan(key);
    }, this.#everyMs);
    timer.unref();
    this.#waiting.set(key, timer);
  }
}
