import { readError } from '../trpc.ts';

/** What a row says, as a form shows it, and the edition that the database counts for it. */
export type Stored<V> = V & { edition: number };

export interface Problem {
  code: string;
  words: string | null;
  details: Record<string, unknown>;
}

/** What a user typed, read: a value to store, or the reason why it is none. */
export type Reading<T> = { value: T } | { problem: Problem };

/** When a field is read and sent: a moment after the last key, when the user leaves it, or at once. */
export type When = 'typing' | 'leaving' | 'once';

/** Two people changed one field: the form keeps both until its user chooses. */
export interface Conflict {
  mine: unknown;
  theirs: unknown;
}

export type EditsState = 'saved' | 'saving' | 'unsaved' | 'offline';

export interface EditsView<V> {
  stored: Stored<V>;
  state: EditsState;
  /** By field, as it stands in the control: only where it may differ from what is stored. */
  typed: ReadonlyMap<keyof V, unknown>;
  problems: ReadonlyMap<keyof V, Problem>;
  conflicts: ReadonlyMap<keyof V, Conflict>;
}

export interface EditsOptions<V extends object> {
  stored: Stored<V>;
  /** Saves as the user types; otherwise `submit` saves. */
  auto: boolean;
  /** Sends only what changed, with the edition it was changed from. Answers what is stored now. */
  send: (change: Partial<V>, edition: number, answers: Record<string, unknown>) => Promise<Stored<V>>;
  /** The row as it is now, from the details of EDIT_CONFLICT. */
  current: (details: Record<string, unknown>) => Stored<V> | null;
}

const SOON_MS = 700;
const AGAIN_MS = 4_000;
const NOT_NOW = new Set(['OFFLINE', 'BUSY', 'UNKNOWN', 'RATE_LIMITED']);

/**
 * The edits of one form over one row. It sends only the fields that changed, one request at a time, and never says "saved"
 * while a field holds something that is not stored. When another user saved meanwhile, fields that only one of the two
 * changed are merged; a field that both changed waits for a choice and keeps both texts.
 */
export class Edits<V extends object> {
  #stored: Stored<V>;
  #options: EditsOptions<V>;
  #typed = new Map<keyof V, unknown>();
  /** Typed, and not read yet: read when the user leaves the field. */
  #open = new Map<keyof V, () => void>();
  #waiting: Partial<V> = {};
  #sending: Partial<V> | null = null;
  #answers: Record<string, unknown> = {};
  #problems = new Map<keyof V, Problem & { refused?: Partial<V> }>();
  #conflicts = new Map<keyof V, Conflict>();
  #arrived: Stored<V> | null = null;
  #offline = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();
  #view: EditsView<V>;

  constructor(options: EditsOptions<V>) {
    this.#options = options;
    this.#stored = options.stored;
    this.#view = this.#look();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly view = (): EditsView<V> => this.#view;

  /** The user typed. */
  type<F extends keyof V>(
    field: F,
    typed: unknown,
    read: (typed: unknown) => Reading<V[F]>,
    when: When = 'once',
  ): void {
    this.#typed.set(field, typed);
    if (when === 'leaving') this.#open.set(field, () => this.#take(field, read(typed), false));
    else this.#take(field, read(typed), when === 'typing');
    this.#tell();
  }

  /** The user left the field: what was typed is read now, and is shown as it is stored once it is. */
  leave(field: keyof V): void {
    if (this.#open.has(field)) this.#open.get(field)?.();
    else if (this.#isStored(field)) this.#typed.delete(field);
    this.#tell();
  }

  /** Sends what was refused once more, with the answer to what was asked. */
  answer(field: keyof V, answers: Record<string, unknown>): void {
    const refused = this.#problems.get(field)?.refused;
    if (!refused) return;
    this.#problems.delete(field);
    this.#waiting = { ...refused, ...this.#waiting };
    this.#answers = answers;
    void this.flush();
  }

  /** Ends a conflict with the user's own value, or with the other's. */
  choose(field: keyof V, whose: keyof Conflict): void {
    const conflict = this.#conflicts.get(field);
    if (!conflict) return;
    this.#conflicts.delete(field);
    this.#problems.delete(field);
    if (whose === 'theirs') this.#typed.delete(field);
    else this.#waiting = { ...this.#waiting, [field]: conflict.mine };
    if (this.#options.auto) void this.flush();
    this.#tell();
  }

  /** The row was changed elsewhere: its other fields are shown, those that both changed become conflicts. */
  adopt(next: Stored<V>): void {
    if (this.#sending) this.#arrived = next;
    else this.#merge(next, {});
    this.#tell();
  }

  /** Saves a form that has a button: true when all of it is stored. */
  async submit(): Promise<boolean> {
    for (const take of [...this.#open.values()]) take();
    for (const [field, { refused }] of this.#problems) {
      if (!refused) continue;
      this.#problems.delete(field);
      this.#waiting = { ...refused, ...this.#waiting };
    }
    if (this.#problems.size > 0 || this.#conflicts.size > 0) {
      this.#tell();
      return false;
    }
    await this.flush();
    return this.#view.state === 'saved';
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#sending) return;
    this.#offline = false;
    while (isFull(this.#waiting)) {
      const change = this.#waiting;
      this.#waiting = {};
      this.#sending = change;
      this.#tell();
      const goesOn = await this.#sendOnce(change);
      this.#sending = null;
      if (this.#arrived && this.#arrived.edition > this.#stored.edition) this.#merge(this.#arrived, {});
      this.#arrived = null;
      if (!goesOn) break;
    }
    this.#tell();
  }

  /** Whether the request ended so that the next one may go at once. */
  async #sendOnce(change: Partial<V>): Promise<boolean> {
    const answers = this.#answers;
    this.#answers = {};
    try {
      this.#merge(await this.#options.send(change, this.#stored.edition, answers), change);
      return true;
    } catch (error) {
      const { code, words, details } = readError(error);
      const back = { ...change, ...this.#waiting };
      if (NOT_NOW.has(code)) {
        this.#waiting = back;
        this.#answers = answers;
        this.#offline = true;
        if (this.#options.auto) this.#timer = setTimeout(() => void this.flush(), AGAIN_MS);
        return false;
      }
      const current = code === 'EDIT_CONFLICT' ? this.#options.current(details) : null;
      if (current && current.edition > this.#stored.edition) {
        this.#waiting = back;
        this.#answers = answers;
        this.#merge(current, {});
        // A form with a button waits for its user when both changed the same field.
        return this.#options.auto || this.#conflicts.size === 0;
      }
      this.#refuse(change, { code, words, details });
      return this.#options.auto;
    }
  }

  /** One refused field does not take the others down with it. */
  #refuse(change: Partial<V>, problem: Problem): void {
    const fields = Object.keys(change) as (keyof V)[];
    const issues = problem.details.issues as { path?: PropertyKey[] }[] | undefined;
    const named = (problem.details.field ?? issues?.[0]?.path?.[0]) as keyof V | undefined;
    const field = fields.find((each) => each === named) ?? (fields[0] as keyof V);
    const { [field]: value, ...rest } = change;
    // What was typed since is tried in its place.
    if (!(field in this.#waiting))
      this.#problems.set(field, { ...problem, refused: { [field]: value } as unknown as Partial<V> });
    this.#waiting = { ...(rest as Partial<V>), ...this.#waiting };
  }

  #take<F extends keyof V>(field: F, reading: Reading<V[F]>, soon: boolean): void {
    this.#open.delete(field);
    this.#problems.delete(field);
    const { [field]: _before, ...others } = this.#waiting;
    const conflict = this.#conflicts.get(field);
    if ('problem' in reading) {
      this.#waiting = others as Partial<V>;
      this.#problems.set(field, reading.problem);
    } else if (conflict) {
      this.#conflicts.set(field, { ...conflict, mine: reading.value });
    } else if (same(reading.value, this.#stored[field]) && !(this.#sending && field in this.#sending)) {
      this.#waiting = others as Partial<V>;
    } else {
      this.#waiting = { ...this.#waiting, [field]: reading.value };
    }
    if (!this.#options.auto || !isFull(this.#waiting)) return;
    clearTimeout(this.#timer);
    if (soon) this.#timer = setTimeout(() => void this.flush(), SOON_MS);
    else void this.flush();
  }

  #merge(next: Stored<V>, sent: Partial<V>): void {
    const before = this.#stored;
    if (next.edition < before.edition) return;
    this.#stored = next;
    for (const field of Object.keys(next) as (keyof V)[]) {
      const theirs = next[field];
      const conflict = this.#conflicts.get(field);
      if (field in sent) continue;
      if (same(theirs, before[field])) continue;
      if (conflict) {
        if (same(theirs, conflict.mine)) this.#conflicts.delete(field);
        else this.#conflicts.set(field, { ...conflict, theirs });
      } else if (field in this.#waiting) {
        const { [field]: mine, ...others } = this.#waiting;
        this.#waiting = others as Partial<V>;
        if (!same(mine, theirs)) this.#conflicts.set(field, { mine, theirs });
      } else if (!this.#problems.has(field) && !this.#open.has(field)) {
        this.#typed.delete(field);
      }
    }
  }

  #isStored(field: keyof V): boolean {
    return (
      !this.#open.has(field) &&
      !(field in this.#waiting) &&
      !(this.#sending && field in this.#sending) &&
      !this.#problems.has(field) &&
      !this.#conflicts.has(field)
    );
  }

  #look(): EditsView<V> {
    const { auto } = this.#options;
    const busy = this.#sending !== null || (auto && (isFull(this.#waiting) || this.#open.size > 0));
    const clean = this.#problems.size === 0 && this.#conflicts.size === 0;
    const state = this.#offline ? 'offline' : busy ? 'saving' : clean && !isFull(this.#waiting) ? 'saved' : 'unsaved';
    return {
      stored: this.#stored,
      state,
      typed: new Map(this.#typed),
      problems: new Map(this.#problems),
      conflicts: new Map(this.#conflicts),
    };
  }

  #tell(): void {
    this.#view = this.#look();
    for (const listener of this.#listeners) listener();
  }
}

const isFull = (change: object) => Object.keys(change).length > 0;

/** Whether two values of a field are the same: of lists and objects by what is in them, in whatever order of keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]));
}
