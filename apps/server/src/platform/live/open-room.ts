import type { RoomKind, Snapshot } from '@liventix/contracts/live';

export interface OpenRoomOptions {
  read(): Promise<Snapshot | null>;
  /** Sends to the members; called with versions that only grow. */
  send(snapshot: Snapshot): void;
  /** There is nothing to see any more: the members' access is checked again. */
  gone(): void;
  failed(error: unknown): void;
  /** Least time between the starts of two reads. Default 100: at most 10 snapshots a second. */
  everyMs?: number;
}

/**
 * The coalescer of one room: a first touch reads at once, touches meanwhile become one more read, never two reads in
 * flight, and a version goes out once and never after a newer one.
 */
export class OpenRoom {
  #options: OpenRoomOptions;
  #everyMs: number;
  #dirty = false;
  #reading: Promise<Snapshot | null> | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
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
    if (this.#last && !this.#dirty && performance.now() - this.#readAt < this.#everyMs) return this.#last;
    return this.#read();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #plan(): void {
    if (this.#reading || this.#timer || this.#closed || !this.#dirty) return;
    const wait = this.#readAt + this.#everyMs - performance.now();
    if (wait <= 0) {
      this.#read().catch(() => {}); // told to `failed` already
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#read().catch(() => {});
    }, wait);
  }

  #read(): Promise<Snapshot | null> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dirty = false;
    this.#readAt = performance.now();
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
        this.#readAt = performance.now() + 900;
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
