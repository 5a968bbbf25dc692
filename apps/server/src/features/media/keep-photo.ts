import { createHash } from 'node:crypto';
import type { PhotoView } from '@liventix/contracts/feed';
import type postgres from 'postgres';
import type { Ctx, Services, WorkCtx } from '../../platform/context.ts';
import { keepUpload } from './keep-upload.ts';
import { useUploads } from './media.sql.ts';
import { isMediaKept, mediaFile } from './media-file.ts';

const NAME = /^[0-9a-f]{64}\.webp$/;

/** Where a kept photo lies; null for names that are none of ours. */
export function mediaPath(services: Services, name: string): string | null {
  return NAME.test(name) ? mediaFile(services, name) : null;
}

/** Keeps a person's photo under the hash of what we made of it: the same photo twice is one file. See `keepUpload`. */
export async function keepPhoto(ctx: Ctx, userId: string, bytes: Buffer): Promise<PhotoView> {
  const hash = (image: Uint8Array) => `${createHash('sha256').update(image).digest('hex')}.webp`;
  const { name, width, height } = await keepUpload(ctx, userId, bytes, 'photo', hash);
  return { url: `/media/${name}`, width, height };
}

/** In the transaction that shows them: photos stay for another day, and as long as they are shown. False when one is gone. */
export function usePhotos(sql: postgres.ISql, urls: readonly string[]): Promise<boolean> {
  return useUploads(sql, urls.map(nameOf));
}

const nameOf = (url: string): string => url.replace(/^\/media\//, '');

/** Whether every address is a photo we keep. */
export async function havePhotos(ctx: WorkCtx, urls: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    urls.map((url) => {
      const file = mediaPath(ctx.services, nameOf(url));
      return file ? isMediaKept(file) : false;
    }),
  );
  return found.every(Boolean);
}
