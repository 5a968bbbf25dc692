import type { RoomKind, Snapshot } from '@liventix/contracts/live';

/** After a read that failed. */
const AGAIN_MS = 1000;

export interface OpenRoomOptions {
  read(): Promise<Snapshot | null>;
  /** Sends to the members; called with versions that only grow. */
  send(snapshot: Snapshot): void;
  /** There is nothing to see any more: the members' access is checked again. */
  gone(): void;
  failed(error: unknown): void;
  /** The beat of reads while there is something new. Default 100: 10 snapshots a second. */
  everyMs?: number;
}

/**
 * The coalescer of one room: a first touch reads at once, touches meanwhile become one more read, never two reads in
 * flight, and a version goes out once and never after a newer one. Reads keep a beat: one that starts late, by a slow timer or
 * a long send before it, does not put off those after it, or each delay would cost its part of a snapshot. Starts are never
 * closer than half a beat, and a delay of more than a beat starts the count anew.
 */
export class OpenRoom {
  #options: OpenRoomOptions;
  #everyMs: number;
  #dirty = false;
  #reading: Promise<Snapshot | null> | null = null;
  /** When the last read started and when the next is due, by the monotonic clock. */
  #startedAt = Number.NEGATIVE_INFINITY;
  #dueAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #last: Snapshot | null = null;
  #sentVersion = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: OpenRoomOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? 100;
  }

  /** The newest snapshot read so far. */
  get last(): Snapshot | null {
    return this.#last;
  }

  /** Something may have changed. */
  touch(): void {
    if (this.#closed) return;
    this.#dirty = true;
    this.#plan();
  }

  /** Reads again now, whatever was read or failed a moment ago; for polls, which come slowly by themselves. Never throws. */
  async refresh(): Promise<void> {
    await this.#reading?.catch(() => {});
    if (!this.#closed) await this.#read().catch(() => {});
  }

  /** A snapshot for somebody who comes in: the read under way, or one of the last moment if nothing changed since, or a new one. */
  async current(): Promise<Snapshot | null> {
    if (this.#reading) return this.#reading;
    if (this.#last && !this.#dirty && performance.now() < this.#dueAt) return this.#last;
    return this.#read();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #plan(): void {
    if (this.#reading || this.#timer || this.#closed || !this.#dirty) return;
    const wait = Math.max(this.#dueAt, this.#startedAt + this.#everyMs / 2) - performance.now();
    if (wait <= 0) {
      this.#read().catch(() => {}); // told to `failed` already
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#read().catch(() => {});
    }, Math.ceil(wait)); // never early: a beat is counted from the one before
  }

  #read(): Promise<Snapshot | null> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dirty = false;
    this.#startedAt = performance.now();
    const late = this.#startedAt - this.#dueAt;
    this.#dueAt = (late >= 0 && late < this.#everyMs ? this.#dueAt : this.#startedAt) + this.#everyMs;
    const reading = this.#options.read().then(
      (snapshot) => {
        this.#reading = null;
        this.#take(snapshot);
        this.#plan();
        return snapshot;
      },
      (error: unknown) => {
        this.#reading = null;
        this.#options.failed(error);
        // The change is not lost: it is read again a little later.
        this.#dirty = true;
        this.#dueAt = performance.now() + AGAIN_MS;
        this.#plan();
        throw error;
      },
    );
    this.#reading = reading;
    return reading;
  }

  #take(snapshot: Snapshot | null): void {
    if (this.#closed) return;
    if (!snapshot) {
      this.#last = null;
      this.#options.gone();
      return;
    }
    if (!this.#last || snapshot.version >= this.#last.version) this.#last = snapshot;
    if (snapshot.version <= this.#sentVersion) return;
    this.#sentVersion = snapshot.version;
    this.#options.send(snapshot);
  }
}

/** Key of a room in maps and in Socket.IO. */
export function roomKey(kind: RoomKind, id: string, facet = ''): string {
  return `${kind}:${id}:${facet}`;
}
