import { rm } from 'node:fs/promises';
import type { WorkCtx } from '../../platform/context.ts';
import { posterCacheOf } from '../events/send-poster.ts';
import { dropUpload, listIdleUploads } from './media.sql.ts';
import { mediaFile } from './media-file.ts';

const AT_ONCE = 100;

/** Deletes pictures that nothing shows a day after they were sent or last shown, with all that was derived from them. */
export async function collectUploads(ctx: WorkCtx): Promise<boolean> {
  const names = await listIdleUploads(ctx.db.engine.sql, AT_ONCE);
  for (const name of names) {
    await ctx.db.engine.transaction(async (_tx, sql) => {
      if (!(await dropUpload(sql, name))) return;
      await rm(mediaFile(ctx.services, name), { force: true });
      await posterCacheOf(ctx).forgetCover(name);
    });
  }
  return names.length === AT_ONCE;
}
