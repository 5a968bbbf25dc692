/** What one socket, one person and one address may ask of a node; beyond it answers are named refusals, never silence. */
export interface LiveLimits {
  roomsPerSocket: number;
  /** Packets of any kind, refilled by the second up to the burst; beyond it the connection is cut. */
  packetsPerSecond: number;
  packetsBurst: number;
  /** Bytes as they come, with what no packet shows. */
  bytesPerSecond: number;
  bytesBurst: number;
  /** Questions that are answered. */
  eventsPerSecond: number;
  eventsBurst: number;
  /** Pages ask for the time once in a minute. */
  clockPerSecond: number;
  clockBurst: number;
  /** Joins ask the database, so they have a tighter limit of their own. */
  joinsPerSecond: number;
  joinsBurst: number;
  socketsPerPerson: number;
  /** Many people share one address (a campus, a mobile network): this only stops a flood from one machine. */
  socketsPerAddress: number;
  /** Connections beyond those, which have not said yet who they are. */
  strayPerAddress: number;
  /** People without an account whom one address shows to others; the rest of them look like one more. */
  strangersPerAddress: number;
  /** A larger message closes the socket (WebSocket close code 1009). */
  messageBytes: number;
}

export const LIMITS: LiveLimits = {
  roomsPerSocket: 24,
  packetsPerSecond: 15,
  packetsBurst: 300,
  bytesPerSecond: 16_384,
  bytesBurst: 131_072,
  eventsPerSecond: 20,
  eventsBurst: 60,
  clockPerSecond: 1,
  clockBurst: 20,
  joinsPerSecond: 10,
  joinsBurst: 48,
  socketsPerPerson: 24,
  socketsPerAddress: 1_000,
  strayPerAddress: 100,
  strangersPerAddress: 5,
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

  spend(nowMs: number, tokens = 1): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#at) / 1000) * this.#perSecond);
    this.#at = nowMs;
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
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

/** Who looks, as others see it: a browser can say it is anybody, so one address shows a few strangers and one more. */
export class Strangers {
  #shown = new Map<string, Map<string, number>>();
  #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Answers whom to count for this socket, and how to take it back. */
  enter(address: string, person: string): { counts: string; leave(): void } {
    const shown = this.#shown.get(address) ?? new Map<string, number>();
    const sockets = shown.get(person) ?? 0;
    if (sockets === 0 && shown.size >= this.#most) return { counts: `others at ${address}`, leave() {} };
    this.#shown.set(address, shown.set(person, sockets + 1));
    return {
      counts: person,
      leave: () => {
        const left = (shown.get(person) ?? 0) - 1;
        if (left > 0) return void shown.set(person, left);
        shown.delete(person);
        if (shown.size === 0) this.#shown.delete(address);
      },
    };
  }
}
