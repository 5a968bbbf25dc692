import path from 'node:path';
import type express from 'express';
import type { Ctx, Services, WorkCtx } from '../../platform/context.ts';
import { consume, type RateLimit } from '../../platform/rate-limits.ts';
import { drawFor } from '../drawings/draw.ts';
import {
  createPosterCache,
  type Picture,
  POSTER_WIDTHS,
  type PosterCache,
  type PosterImageWidth,
} from '../posters/poster-cache.ts';
import { posterInputOf, posterVersionOf } from './events.rules.ts';
import { findCover } from './find-cover.ts';
import { readPoster } from './read-poster.ts';

const caches = new WeakMap<Services, ReturnType<typeof createPosterCache>>();

/** Pictures of this process, kept beside its data, and drawn in the caller's turn. */
export function posterCacheOf(ctx: WorkCtx): PosterCache {
  const { services } = ctx;
  const known = caches.get(services);
  const made = known ?? createPosterCache({ directory: path.join(services.env.DATA_DIR, 'posters') });
  if (!known) caches.set(services, made);
  return made(drawFor(ctx));
}

/** What is drawn for an address, a tenth to half a second of a core each; what is kept already is not counted. */
const drawing: RateLimit = { name: 'pictures.draw', points: 120, perSeconds: 60, by: 'address' };

/** Answers with a picture; a browser that has it gets 304 before anything is read or drawn. */
export async function sendPicture(
  ctx: Ctx,
  request: express.Request,
  response: express.Response,
  { etag, contentType, body }: Picture,
  cacheControl: string,
): Promise<void> {
  if (request.get('if-none-match')?.split(/,\s*/).includes(etag)) {
    response.setHeader('etag', etag);
    response.setHeader('cache-control', cacheControl);
    response.status(304).end();
    return;
  }
  const bytes = await body(() => consume(ctx, drawing));
  response.setHeader('etag', etag);
  response.setHeader('cache-control', cacheControl);
  response.type(contentType).send(bytes);
}

type Facts = Awaited<ReturnType<typeof readPoster>>;

function cacheControlOf(request: express.Request, facts: Facts): string {
  // A private event's poster is for its own people: no shared cache keeps it.
  if (!facts.open) return 'private, no-cache';
  const pinned = request.query.v === posterVersionOf(facts);
  return pinned ? 'public, max-age=31536000, immutable' : 'public, max-age=300, stale-while-revalidate=86400';
}

/** The poster of an event whom the caller may see, 270, 540 or 1080 pixels wide. */
export async function sendPoster(ctx: Ctx, request: express.Request, response: express.Response): Promise<void> {
  const facts = await readPoster(ctx, request.params.eventId);
  const asked = Number(request.query.w ?? 540);
  const width: PosterImageWidth = POSTER_WIDTHS.find((each) => each === asked) ?? 540;
  const format = request.params.format === 'png' ? 'png' : 'webp';
  const cover = await findCover(ctx, facts.coverImageUrl);
  const cache = posterCacheOf(ctx);
  const picture = cover
    ? cache.coverImage({ cover, width, format })
    : cache.posterImage({ ...posterInputOf(facts), width, format });
  await sendPicture(ctx, request, response, picture, cacheControlOf(request, facts));
}

/** What other sites show for a link to the event, 1200 × 630. */
export async function sendShareImage(ctx: Ctx, request: express.Request, response: express.Response): Promise<void> {
  const facts = await readPoster(ctx, request.params.eventId);
  const cover = await findCover(ctx, facts.coverImageUrl);
  const picture = posterCacheOf(ctx).shareImage({ ...posterInputOf(facts), cover });
  await sendPicture(ctx, request, response, picture, cacheControlOf(request, facts));
}
