import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../../platform/context.ts';

/** Where an uploaded picture lies. */
export function mediaFile(services: Services, name: string): string {
  return path.join(services.env.DATA_DIR, 'media', name);
}

/** Whether a picture is at that place. */
export function isMediaKept(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Writes a picture unless it is there: a reader sees the whole file or none. */
export async function writeMediaFile(services: Services, name: string, image: Uint8Array): Promise<void> {
  const target = mediaFile(services, name);
  if (await isMediaKept(target)) return;
  await mkdir(path.dirname(target), { recursive: true });
  const unfinished = `${target}.${randomUUID()}`;
  await writeFile(unfinished, image);
  await rename(unfinished, target);
}
