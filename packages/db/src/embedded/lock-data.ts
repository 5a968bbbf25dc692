import fs from 'node:fs';
import { startOf } from './identify-process.ts';

/** Somebody else runs a server on this data directory. */
export class DataDirectoryInUse extends Error {
  override name = 'DataDirectoryInUse';
  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(
      `The database in ${dataDir} is already in use by process ${pid}. Stop that one first, or choose another DATA_DIR.`,
    );
  }
}

interface Holder {
  pid: number;
  start: string | null;
}

/**
 * Claims a data directory for this process by a file beside it, `<dataDir>.lock`. The claim of a process that died in
 * any way is taken over: its id and start time name nobody any more.
 * @returns the release of the claim
 * @throws DataDirectoryInUse
 */
export function lockData(dataDir: string): () => void {
  const file = `${dataDir}.lock`;
  const mine = `${file}.${process.pid}`;
  const me: Holder = { pid: process.pid, start: startOf(process.pid) };
  fs.writeFileSync(mine, JSON.stringify(me), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        fs.linkSync(mine, file); // creates or fails, in one step
        return () => fs.rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = read(file);
      if (holder && holder.start !== null && startOf(holder.pid) === holder.start)
        throw new DataDirectoryInUse(dataDir, holder.pid);
      // Move it away instead of deleting it, so that of two who saw the same dead claim only one removes it.
      try {
        fs.renameSync(file, `${mine}.stale`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      fs.rmSync(`${mine}.stale`, { force: true });
    }
    throw new Error(`Could not claim ${file}.`);
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}
