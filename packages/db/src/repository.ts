import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The checkout this code runs in: the nearest folder above it that holds pnpm-workspace.yaml.
 * Works from the sources and from a bundle alike, so nothing has to know how deep it was built.
 */
export function repositoryRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let folder = path.dirname(from); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'pnpm-workspace.yaml'))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`No pnpm-workspace.yaml above ${from}: run from a checkout.`);
  }
}
