import { UPLOAD_QUOTA_BYTES } from '@liventix/contracts/uploads';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { drawFor } from '../drawings/draw.ts';
import type { CleanImage, UploadKind } from '../posters/clean-upload.ts';
import { countUploads, noteUpload } from './media.sql.ts';
import { writeMediaFile } from './media-file.ts';

/**
 * Makes a stranger's picture harmless (upright, sRGB, no place and device in it, encoded again by us), counts it for the account
 * and writes its file. UPLOAD_REFUSED with the reason in words for what is no picture, UPLOAD_QUOTA when the account is full.
 */
export async function keepUpload(
  ctx: Ctx,
  userId: string,
  bytes: Buffer,
  kind: UploadKind,
  nameOf: (image: Uint8Array) => string,
): Promise<CleanImage & { name: string }> {
  const quotaBytes = UPLOAD_QUOTA_BYTES;
  // A full account is refused before its picture costs anything.
  if ((await countUploads(ctx.db.engine.sql, userId)) >= quotaBytes) fail('UPLOAD_QUOTA');
  const clean = await drawFor(ctx)('upload', { bytes, kind });
  if (!clean.ok) {
    if (clean.reason === 'too_large') fail('UPLOAD_TOO_LARGE');
    fail('UPLOAD_REFUSED', { details: { reason: clean.reason, words: clean.words } });
  }
  const name = nameOf(clean.image);
  const upload = { userId, name, bytes: clean.image.length, quotaBytes };
  if (!(await ctx.write((_tx, sql) => noteUpload(sql, upload)))) fail('UPLOAD_QUOTA');
  await writeMediaFile(ctx.services, name, clean.image);
  return { ...clean, name };
}
