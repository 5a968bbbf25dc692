import { readFile } from 'node:fs/promises';
import type { WorkCtx } from '../../platform/context.ts';
import { isMediaKept, mediaFile } from '../media/media-file.ts';
import type { Cover } from '../posters/poster-cache.ts';

/**
 * The uploaded cover of an event; null when it has none, or one that is not ours: an address elsewhere is never asked, its
 * poster is drawn instead.
 */
export async function findCover(ctx: WorkCtx, coverImageUrl: string | null): Promise<Cover | null> {
  const name = /^\/media\/([\w-]+\.(?:webp|jpe?g|png|avif))$/.exec(coverImageUrl ?? '')?.[1];
  if (!name) return null;
  const file = mediaFile(ctx.services, name);
  return (await isMediaKept(file)) ? { name, read: () => readFile(file) } : null;
}
