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

/**
 * A door that lets in what the node can serve. A few wait inside; when the line is longer than half a second by the rate
 * it was measured to move at, the next ones are given times of their own to come back, one after the other at that rate:
 * ten thousand who lost their server at once come in as a stream and not as a second wave.
 */
export class Admission {
  #atOnce: number;
  #waitMs: number;
  #perSecond: number;
  #nowMs: () => number;
  #random: () => number;
  #inside = 0;
  #line: (() => void)[] = [];
  #nextAt = 0;
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

  /** Does the work when there is room, or answers in how many milliseconds to come back. */
  async pass<T>(work: () => Promise<T>): Promise<{ done: T } | { afterMs: number }> {
    if (this.#inside >= this.#atOnce) {
      if (this.#line.length >= (this.#perSecond * this.#waitMs) / 1000) return { afterMs: this.#comeBack() };
      await new Promise<void>((resolve) => this.#line.push(resolve));
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

  #leave(): void {
    this.#measure();
    const next = this.#line.shift();
    if (next) {
      next(); // takes the place as it is
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

  #comeBack(): number {
    const now = this.#nowMs();
    const stepMs = 1000 / this.#perSecond;
    this.#nextAt = Math.max(this.#nextAt, now + LEAST_MS) + stepMs;
    const wait = this.#nextAt - now + (this.#random() - 0.5) * LEAST_MS;
    // Beyond the longest wait times are drawn at random in its second half.
    return Math.round(wait <= MOST_MS ? Math.max(LEAST_MS / 2, wait) : MOST_MS * (0.5 + this.#random() / 2));
  }
}
