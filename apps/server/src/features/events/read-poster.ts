import type { Ctx } from '../../platform/context.ts';
import { fail } from '../../platform/errors.ts';
import type { PosterFacts } from './events.rules.ts';
import { readPosterFacts } from './events.sql.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What an event's pictures are drawn from, and whether everybody may see them (`open`).
 * @throws NOT_FOUND for what is no id, no event, or none the caller may see
 */
export async function readPoster(ctx: Ctx, eventId: string | undefined): Promise<PosterFacts & { open: boolean }> {
  const facts = eventId && UUID.test(eventId) ? await ctx.read((_tx, sql) => readPosterFacts(sql, eventId)) : null;
  return facts ?? fail('NOT_FOUND');
}
