/** What one socket, one person and one address may ask of a node; beyond it answers are named refusals, never silence. */
export interface LiveLimits {
  roomsPerSocket: number;
  /** Anything a client sends, refilled by the second up to the burst. */
  eventsPerSecond: number;
  eventsBurst: number;
  /** Joins ask the database, so they have a tighter limit of their own. */
  joinsPerSecond: number;
  joinsBurst: number;
  socketsPerPerson: number;
  /** Many people share one address (a campus, a mobile network): this only stops a flood from one machine. */
  socketsPerAddress: number;
  /** A larger message closes the socket (WebSocket close code 1009). */
  messageBytes: number;
}

export const LIMITS: LiveLimits = {
  roomsPerSocket: 24,
  eventsPerSecond: 20,
  eventsBurst: 60,
  joinsPerSecond: 10,
  joinsBurst: 48,
  socketsPerPerson: 24,
  socketsPerAddress: 1_000,
  messageBytes: 16_384,
};

/** Tokens of one socket: refilled by the second, never above the burst. */
export class Allowance {
  #tokens: number;
  #at: number;
  #perSecond: number;
  #burst: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = nowMs;
  }

  spend(nowMs: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#at) / 1000) * this.#perSecond);
    this.#at = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** How many of each there are: sockets of a person, of an address. */
export class Tally {
  #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
  }

  remove(key: string): void {
    const left = this.of(key) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
