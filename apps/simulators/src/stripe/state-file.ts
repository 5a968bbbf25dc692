import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * An append-only file of JSON lines. Everything one request changed is one line and one write,
 * so a killed process leaves either all of it or none.
 */
export class StateFile {
  #descriptor: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'a');
    // Ends a line that a crash tore, so that the next one is not read as part of it.
    writeSync(this.#descriptor, '\n');
  }

  /** Every whole line of the file, oldest first; a line torn by a crash is left out. */
  static read(path: string): unknown[] {
    if (!existsSync(path)) return [];
    const lines: unknown[] = [];
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        lines.push(JSON.parse(line));
      } catch {
        // A torn line was never answered for: its client saw no answer and asks again.
      }
    }
    return lines;
  }

  append(record: unknown): void {
    writeSync(this.#descriptor, `${JSON.stringify(record)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
