import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PhotoView } from '@liventix/contracts/feed';
import type { Ctx, Services, WorkCtx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { cleanUpload } from '../posters/clean-upload.ts';

const NAME = /^[0-9a-f]{64}\.webp$/;

/** Where a kept picture lies; null for names that are none of ours. */
export function mediaPath(services: Services, name: string): string | null {
  return NAME.test(name) ? path.join(services.env.DATA_DIR, 'media', name) : null;
}

/**
 * Makes a stranger's photo harmless (upright, sRGB, no place and device in it, encoded again by us) and keeps it under the
 * hash of what we made: the same photo twice is one file. UPLOAD_REFUSED with the reason for anything that is no photo.
 */
export async function keepPhoto(ctx: Ctx, bytes: Buffer): Promise<PhotoView> {
  const clean = await cleanUpload(bytes, 'photo');
  if (!clean.ok) {
    if (clean.reason === 'too_large') fail('UPLOAD_TOO_LARGE');
    fail('UPLOAD_REFUSED', { details: { reason: clean.reason, words: clean.words } });
  }
  const name = `${createHash('sha256').update(clean.image).digest('hex')}.webp`;
  const target = path.join(ctx.services.env.DATA_DIR, 'media', name);
  const there = await exists(target);
  if (!there) {
    await mkdir(path.dirname(target), { recursive: true });
    // A reader sees the whole file or none.
    const unfinished = `${target}.${randomUUID()}`;
    await writeFile(unfinished, clean.image);
    await rename(unfinished, target);
  }
  return { url: `/media/${name}`, width: clean.width, height: clean.height };
}

/** Whether every address is a photo we keep. */
export async function havePhotos(ctx: WorkCtx, urls: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    urls.map((url) => {
      const file = mediaPath(ctx.services, url.replace(/^\/media\//, ''));
      return file ? exists(file) : false;
    }),
  );
  return found.every(Boolean);
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
