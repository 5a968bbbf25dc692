import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { WorkCtx } from '../../platform/context.ts';

/**
 * An uploaded cover, cut to 4:5; null when the event has none, or one that is not ours: an address elsewhere is never
 * asked, its poster is drawn instead.
 */
export async function readCover(ctx: WorkCtx, coverImageUrl: string | null, width: number): Promise<Buffer | null> {
  const name = /^\/media\/([\w-]+\.(?:webp|jpe?g|png|avif))$/.exec(coverImageUrl ?? '')?.[1];
  if (!name) return null;
  const bytes = await readFile(path.join(ctx.services.env.DATA_DIR, 'media', name)).catch(() => null);
  if (!bytes) return null;
  return sharp(bytes)
    .resize(width, Math.round(width * 1.25), { fit: 'cover', position: 'attention' })
    .toBuffer();
}
