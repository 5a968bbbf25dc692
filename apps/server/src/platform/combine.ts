/** Many requests, one statement: the queue in front of every batched function. */
import { setImmediate } from 'node:timers';
import { fail, isConnectionLoss, sqlState, toLiventixError } from './errors.ts';

export interface CombinerOptions<Q, A> {
  /** Does the work of a batch; answers stand in the order of the requests. Must be repeatable with the same requests. */
  flush(requests: Q[]): Promise<A[]>;
  /** Requests in one flush at most. */
  maxBatch: number;
  /** Flushes under way at once, all but the first of them at least half full; two keep the database busy while the next batch gathers. */
  maxInFlight: number;
  /** Requests with the same key never share a batch, unless they are the same request: then they share its answer. */
  keyOf?(request: Q): string;
  isSame?(a: Q, b: Q): boolean;
}

/** Tells whether the client of a request went away: an AbortSignal, or less. */
export type Gone = Pick<AbortSignal, 'aborted' | 'reason'>;

interface Waiting<Q, A> {
  request: Q;
  gone: Gone | undefined;
  settle: { resolve(answer: A): void; reject(error: unknown): void };
}

/** How long a queue may be: two seconds of what was measured, and never less than this. */
const QUEUE_SECONDS = 2;
const QUEUE_LEAST = 2048;
const ATTEMPTS_MAX = 6;
/** How full a batch must be to go while another is under way: a full one comes too late to keep the database busy. */
const SECOND_FROM = 0.5;
/** Nobody is sent away for longer: before the first flush the rate is not known, and any figure from it is a guess. */
const WAIT_MOST_SECONDS = 10;

/**
 * First in, first out, without a timer: a flush starts at once while none is under way; what comes meanwhile is the next
 * batch. It goes when the first is back, or before that when it is half full. A lone request waits for nobody. A second flush
 * of a few would gain nothing: it would wait for the first one's lock, and cost a commit of its own.
 */
export class Combiner<Q, A> {
  #options: CombinerOptions<Q, A>;
  #queue: Waiting<Q, A>[] = [];
  #head = 0;
  #inFlight = 0;
  #scheduled = false;
  /** Requests answered per second, as measured over the last flushes. */
  #rate = 0;

  constructor(options: CombinerOptions<Q, A>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** Flushes under way. */
  get underWay(): number {
    return this.#inFlight;
  }

  get idle(): boolean {
    return this.waiting === 0 && this.#inFlight === 0;
  }

  /**
   * Queues a request.
   * @param gone a request whose client went away before its flush is dropped
   * @throws BUSY with `retryAfterSeconds` (1 to 10) when the queue is longer than two seconds of work
   */
  submit(request: Q, gone?: Gone): Promise<A> {
    const most = Math.max(QUEUE_LEAST, this.#rate * QUEUE_SECONDS);
    if (this.waiting >= most) {
      const drained = Math.ceil(this.waiting / Math.max(1, this.#rate));
      fail('BUSY', { retryAfterSeconds: Math.min(WAIT_MOST_SECONDS, Math.max(1, drained)) });
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, gone, settle: { resolve, reject } });
      if (this.#scheduled || !this.#mayFlush) return;
      this.#scheduled = true;
      // After the sockets that are readable now have been read: their requests belong to this batch.
      setImmediate(() => {
        this.#scheduled = false;
        this.#pump();
      });
    });
  }

  get #mayFlush(): boolean {
    const { maxBatch, maxInFlight } = this.#options;
    return this.#inFlight === 0
      ? this.waiting > 0
      : this.#inFlight < maxInFlight && this.waiting >= maxBatch * SECOND_FROM;
  }

  #pump(): void {
    while (this.#mayFlush) {
      const batch = this.#take();
      if (batch.length === 0) continue;
      this.#inFlight += 1;
      const started = performance.now();
      void this.#work(batch).finally(() => {
        const perSecond = (batch.length * this.#inFlight * 1000) / Math.max(0.1, performance.now() - started);
        this.#inFlight -= 1;
        this.#rate = this.#rate === 0 ? perSecond : this.#rate * 0.8 + perSecond * 0.2;
        this.#pump();
      });
    }
  }

  /** The next batch: a group per distinct request, its twins with it. */
  #take(): Waiting<Q, A>[][] {
    const { maxBatch, keyOf, isSame } = this.#options;
    const batch: Waiting<Q, A>[][] = [];
    const later: Waiting<Q, A>[] = [];
    const groups = new Map<string, Waiting<Q, A>[]>();
    while (batch.length < maxBatch && this.#head < this.#queue.length) {
      const waiting = this.#queue[this.#head++] as Waiting<Q, A>;
      if (waiting.gone?.aborted) {
        waiting.settle.reject(toLiventixError(waiting.gone.reason));
        continue;
      }
      const key = keyOf?.(waiting.request);
      const twin = key === undefined ? undefined : groups.get(key);
      if (!twin) {
        const group = [waiting];
        batch.push(group);
        if (key !== undefined) groups.set(key, group);
      } else if (isSame?.((twin[0] as Waiting<Q, A>).request, waiting.request)) twin.push(waiting);
      else later.push(waiting);
    }
    if (this.#head === this.#queue.length) {
      this.#queue = later;
      this.#head = 0;
    } else if (later.length > 0 || this.#head > 4096) {
      this.#queue = [...later, ...this.#queue.slice(this.#head)];
      this.#head = 0;
    }
    return batch;
  }

  async #work(batch: Waiting<Q, A>[][]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await this.#options.flush(batch.map((group) => (group[0] as Waiting<Q, A>).request));
        batch.forEach((group, i) => {
          for (const waiting of group) waiting.settle.resolve(answers[i] as A);
        });
        return;
      } catch (error) {
        if (isPoison(error) && batch.length > 1) {
          // One bad row must not fail the others: each half decides for itself.
          const middle = batch.length >> 1;
          await this.#work(batch.slice(0, middle));
          await this.#work(batch.slice(middle));
          return;
        }
        if (!isPassing(error) || attempt === ATTEMPTS_MAX) {
          for (const group of batch) for (const waiting of group) waiting.settle.reject(error);
          return;
        }
        // The outcome may be unknown (a commit whose answer was lost): the same requests again are a replay.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 25 * 2 ** attempt));
      }
    }
  }
}

/** Data or a constraint said no (22xxx, 23xxx): some row of the batch is wrong. */
function isPoison(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}

/** Serialization, deadlock, shutdown, lost connection: trying again is right. */
export function isPassing(error: unknown): boolean {
  return /^(40001|40P01|57P0.)$/.test(sqlState(error) ?? '') || isConnectionLoss(error);
}
