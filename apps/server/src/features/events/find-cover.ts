import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkCtx } from '../../platform/context.ts';
import type { Cover } from '../posters/poster-cache.ts';

/**
 * The uploaded cover of an event; null when it has none, or one that is not ours: an address elsewhere is never asked, its
 * poster is drawn instead.
 */
export async function findCover(ctx: WorkCtx, coverImageUrl: string | null): Promise<Cover | null> {
  const name = /^\/media\/([\w-]+\.(?:webp|jpe?g|png|avif))$/.exec(coverImageUrl ?? '')?.[1];
  if (!name) return null;
  const file = path.join(ctx.services.env.DATA_DIR, 'media', name);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  return there ? { name, read: () => readFile(file) } : null;
}
