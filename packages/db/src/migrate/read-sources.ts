import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** One file of drizzle/, as the runner sees it. */
export interface Source {
  /** `migrations/0001_foundation.sql`: the name in the journal. */
  name: string;
  text: string;
  sha256: string;
  /** From `-- as: <role>` in its header: the role that it runs under, and that owns what it makes. */
  as: string | null;
  /** From `-- no-transaction` in its header: each statement stands alone (concurrent indexes, new enum values). */
  alone: boolean;
}

/** A file breaks a rule of the house; nothing was run. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused';
}

/** Applied again when they change, in this order; a file may lean on those before it. */
const OBJECT_FOLDERS = ['functions', 'views', 'policies'] as const;

/** drizzle/migrations: versioned, each applied once, never edited after it landed. */
export function readMigrations(folder: string): Source[] {
  const files = readFolder(folder, 'migrations');
  const numbers = new Map<string, string>();
  for (const file of files) {
    const number = file.name.match(/^migrations\/(\d{4})_[a-z0-9_-]+\.sql$/)?.[1];
    if (!number) throw new MigrationRefused(`${file.name}: a migration is named NNNN_what-it-does.sql.`);
    const twin = numbers.get(number);
    if (twin) throw new MigrationRefused(`${file.name} and ${twin} have the same number.`);
    numbers.set(number, file.name);
    if (!/^-- why: \S/.test(file.text)) throw new MigrationRefused(`${file.name}: its first line must be "-- why: …".`);
  }
  return files;
}

/** drizzle/functions, views and policies: one object per file, applied again when its text changes. */
export function readObjects(folder: string): Source[] {
  return OBJECT_FOLDERS.flatMap((kind) => readFolder(folder, kind));
}

function readFolder(folder: string, kind: string): Source[] {
  const place = path.join(folder, kind);
  if (!fs.existsSync(place)) return [];
  const files = fs.readdirSync(place).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => readSource(`${kind}/${file}`, fs.readFileSync(path.join(place, file), 'utf8')));
}

function readSource(name: string, text: string): Source {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('--'));
  const header = end < 0 ? lines : lines.slice(0, end);
  const as =
    header
      .find((line) => line.startsWith('-- as: '))
      ?.slice('-- as: '.length)
      .trim() ?? null;
  if (as !== null && !/^[a-z_]+$/.test(as)) throw new MigrationRefused(`${name}: "${as}" is not the name of a role.`);
  const sha256 = crypto.createHash('sha256').update(text).digest('hex');
  return { name, text, sha256, as, alone: header.some((line) => line.trim() === '-- no-transaction') };
}
