export interface AdmissionOptions {
  /** Served at the same time. */
  atOnce?: number;
  /** Those who wait here at most for this long by the measured rate; the others are told when to come back. */
  waitMs?: number;
  /** Before anything was measured. */
  perSecond?: number;
  nowMs?: () => number;
  random?: () => number;
}

const LEAST_MS = 200;
const MOST_MS = 20_000;
const MEASURE_MS = 250;
/** Times to come back that are remembered; what has passed is dropped beyond that. */
const ADDRESSES_MOST = 1000;

/**
 * A door that lets in what the node can serve. A few wait inside; when the line is longer than half a second by the rate
 * it was measured to move at, the next ones are given times of their own to come back, one after the other at that rate:
 * ten thousand who lost their server at once come in as a stream and not as a second wave.
 *
 * Addresses take turns, and have equal shares of the line, also when others fill it; who is sent away comes back behind those
 * of the same address. So a crowd at one of them delays itself.
 */
export class Admission {
  #atOnce: number;
  #waitMs: number;
  #perSecond: number;
  #nowMs: () => number;
  #random: () => number;
  #inside = 0;
  /** By address; the first address is the next to go. */
  #line = new Map<string, (() => void)[]>();
  #waiting = 0;
  /** By address, when the next of it may come back. */
  #nextAt = new Map<string, number>();
  #full = { since: Number.POSITIVE_INFINITY, served: 0, from: 0 };

  constructor(options: AdmissionOptions = {}) {
    this.#atOnce = options.atOnce ?? 32;
    this.#waitMs = options.waitMs ?? 500;
    this.#perSecond = options.perSecond ?? 400;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  /** How fast it moved when it was last full, per second. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** Does the work when there is room, or answers in how many milliseconds to come back. `from` is the caller's address. */
  async pass<T>(work: () => Promise<T>, from = ''): Promise<{ done: T } | { afterMs: number }> {
    if (this.#inside >= this.#atOnce) {
      const neighbours = this.#line.get(from) ?? [];
      if (!this.#mayWait(neighbours.length)) return { afterMs: this.#comeBack(neighbours.length > 0 ? from : null) };
      this.#line.set(from, neighbours);
      this.#waiting++;
      await new Promise<void>((resolve) => neighbours.push(resolve));
    } else {
      this.#inside++;
      if (this.#inside === this.#atOnce) this.#full = { since: this.#nowMs(), served: 0, from: this.#nowMs() };
    }
    try {
      return { done: await work() };
    } finally {
      this.#leave();
    }
  }

  #mayWait(neighbours: number): boolean {
    const most = (this.#perSecond * this.#waitMs) / 1000;
    const addresses = this.#line.size + (neighbours === 0 ? 1 : 0);
    // Shares shrink with each address that comes; what stood there already stays.
    return neighbours < Math.max(1, most / addresses) && this.#waiting < 2 * most;
  }

  #leave(): void {
    this.#measure();
    const first = this.#line.entries().next().value;
    if (first) {
      const [from, neighbours] = first;
      this.#line.delete(from);
      const next = neighbours.shift();
      if (neighbours.length > 0) this.#line.set(from, neighbours);
      this.#waiting--;
      next?.(); // takes the place as it is
      return;
    }
    this.#inside--;
    this.#full.since = Number.POSITIVE_INFINITY;
  }

  /** Counts only while every place is taken: an idle door says nothing about how fast it could move. */
  #measure(): void {
    const now = this.#nowMs();
    if (now < this.#full.since) return;
    this.#full.served++;
    const span = now - this.#full.from;
    if (span < MEASURE_MS) return;
    const measured = (this.#full.served * 1000) / span;
    this.#perSecond = Math.max(10, 0.6 * this.#perSecond + 0.4 * measured);
    this.#full.served = 0;
    this.#full.from = now;
  }

  /** @param from the address whose line is too long; null when the whole line is */
  #comeBack(from: string | null): number {
    const now = this.#nowMs();
    const key = from ?? 'all';
    const stepMs = (1000 / this.#perSecond) * (from === null ? 1 : this.#line.size);
    const at = Math.max(this.#nextAt.get(key) ?? 0, now + LEAST_MS) + stepMs;
    this.#nextAt.set(key, at);
    if (this.#nextAt.size > ADDRESSES_MOST)
      for (const [known, nextAt] of this.#nextAt) if (nextAt <= now) this.#nextAt.delete(known);
    const wait = at - now + (this.#random() - 0.5) * LEAST_MS;
    // Beyond the longest wait times are drawn at random in its second half.
    return Math.round(wait <= MOST_MS ? Math.max(LEAST_MS / 2, wait) : MOST_MS * (0.5 + this.#random() / 2));
  }
}
