import type express from 'express';
import * as z from 'zod/mini';
import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import { readDraw, readStanding } from './waiting-room.sql.ts';

/**
 * A finished draw for whoever wants to check it: commitment, seed, and the spots in the order drawn, one per line. How to
 * check is in its first lines. Before the draw, and for events the caller may not see: NOT_FOUND.
 */
export async function sendDraw(ctx: Ctx, request: express.Request, response: express.Response): Promise<void> {
  const roomId = z.uuid().safeParse(request.params.roomId);
  const draw = roomId.success ? await readDraw(ctx.db.engine.sql, roomId.data) : null;
  if (!draw || !(await ctx.read((_tx, sql) => readStanding(sql, draw.eventId))).sees) fail('NOT_FOUND');
  const lines = [
    '# SHA-256 of the seed was public before sales opened. Each spot stands where SHA-256(seed, spot) sorts it,',
    '# seed and spot as the bytes their hex digits write.',
    `commitment ${draw.commitment}`,
    `seed ${draw.seed}`,
    `drawn ${draw.drawnAt.toISOString()}`,
    ...draw.spots,
  ];
  response.setHeader('cache-control', 'public, max-age=3600');
  response.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`);
}
