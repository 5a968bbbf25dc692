import type { BookKind, BookKinds, JournalEntry } from './books.types.ts';
import { StateFile } from './state-file.ts';
import type { PaymentIntent } from './wire.types.ts';

type Written =
  | { [Kind in BookKind]: { kind: Kind; value: BookKinds[Kind] } }[BookKind]
  | { kind: 'journal'; value: JournalEntry };
type Shelves = { [Kind in BookKind]: Map<string, BookKinds[Kind]> };

function emptyShelves(): Shelves {
  return {
    intent: new Map(),
    charge: new Map(),
    refund: new Map(),
    dispute: new Map(),
    method: new Map(),
    return: new Map(),
    answer: new Map(),
    event: new Map(),
    told: new Map(),
  };
}

/**
 * All state of the payment simulator: objects by id, and the append-only journal that tests hold against the database.
 * With a file, every change is also written down and read back at the next start.
 */
export class Books {
  readonly journal: JournalEntry[] = [];
  #shelves = emptyShelves();
  #file: StateFile | null = null;
  #unwritten: Written[] = [];

  constructor(filePath: string | null) {
    if (!filePath) return;
    for (const line of StateFile.read(filePath)) for (const record of line as Written[]) this.#take(record);
    this.#file = new StateFile(filePath);
  }

  #take(record: Written): void {
    if (record.kind === 'journal') this.journal.push(record.value);
    else (this.#shelves[record.kind] as Map<string, BookKinds[BookKind]>).set(record.value.id, record.value);
  }

  find<Kind extends BookKind>(kind: Kind, id: string | null | undefined): BookKinds[Kind] | undefined {
    return id ? (this.#shelves[kind] as Map<string, BookKinds[Kind]>).get(id) : undefined;
  }

  /** Oldest first. */
  all<Kind extends BookKind>(kind: Kind): BookKinds[Kind][] {
    return [...(this.#shelves[kind] as Map<string, BookKinds[Kind]>).values()];
  }

  /** Writes the object as it is now; call again after every change to it. */
  keep<Kind extends BookKind>(kind: Kind, value: BookKinds[Kind]): void {
    const record = { kind, value } as Written;
    this.#take(record);
    this.#note(record);
  }

  record(entry: Omit<JournalEntry, 'sequence' | 'at' | 'metadata' | 'currency'> & { of: Source }): void {
    const { of, ...fields } = entry;
    const line: JournalEntry = {
      sequence: this.journal.length + 1,
      at: new Date().toISOString(),
      ...fields,
      currency: of.currency,
      metadata: { ...of.metadata },
    };
    this.journal.push(line);
    this.#note({ kind: 'journal', value: line });
  }

  #note(record: Written): void {
    if (!this.#file) return;
    if (this.#unwritten.length === 0) queueMicrotask(() => this.write());
    this.#unwritten.push(record);
  }

  /** Puts everything since the last write on disk as one line; called before an answer leaves. */
  write(): void {
    if (!this.#file || this.#unwritten.length === 0) return;
    this.#file.append(this.#unwritten);
    this.#unwritten = [];
  }

  close(): void {
    this.write();
    this.#file?.close();
    this.#file = null;
  }
}

type Source = Pick<PaymentIntent, 'currency' | 'metadata'>;
