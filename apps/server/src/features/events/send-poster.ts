import { createHash } from 'node:crypto';
import path from 'node:path';
import type express from 'express';
import sharp from 'sharp';
import type { Ctx, Services } from '../../platform/context.ts';
import { createPosterCache, POSTER_WIDTHS, type PosterCache, type PosterImageWidth } from '../posters/poster-cache.ts';
import { posterInputOf, posterVersionOf } from './events.rules.ts';
import { readCover } from './read-cover.ts';
import { readPoster } from './read-poster.ts';

const caches = new WeakMap<Services, PosterCache>();

/** Drawn pictures of this process, kept beside its data. */
export function posterCacheOf(services: Services): PosterCache {
  const known = caches.get(services);
  if (known) return known;
  const made = createPosterCache({ directory: path.join(services.env.DATA_DIR, 'posters') });
  caches.set(services, made);
  return made;
}

/** The poster of an event whom the caller may see, 270, 540 or 1080 pixels wide. */
export async function sendPoster(ctx: Ctx, request: express.Request, response: express.Response): Promise<void> {
  const facts = await readPoster(ctx, request.params.eventId);
  const asked = Number(request.query.w ?? 540);
  const width: PosterImageWidth = POSTER_WIDTHS.find((each) => each === asked) ?? 540;
  const format = request.params.format === 'png' ? 'png' : 'webp';
  const cover = await readCover(ctx, facts.coverImageUrl, width);
  if (cover) {
    const body = await sharp(cover)[format]().toBuffer();
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    answer(request, response, facts, { body, etag, contentType: `image/${format}` });
    return;
  }
  answer(
    request,
    response,
    facts,
    await posterCacheOf(ctx.services).posterImage({ ...posterInputOf(facts), width, format }),
  );
}

/** What other sites show for a link to the event, 1200 × 630. */
export async function sendShareImage(ctx: Ctx, request: express.Request, response: express.Response): Promise<void> {
  const facts = await readPoster(ctx, request.params.eventId);
  const cover = await readCover(ctx, facts.coverImageUrl, 1080);
  const jpeg = cover && (await sharp(cover).jpeg().toBuffer());
  const picture = await posterCacheOf(ctx.services).shareImage({
    ...posterInputOf(facts),
    ...(jpeg ? { coverDataUri: `data:image/jpeg;base64,${jpeg.toString('base64')}` } : {}),
  });
  answer(request, response, facts, picture);
}

type Facts = Awaited<ReturnType<typeof readPoster>>;

function answer(
  request: express.Request,
  response: express.Response,
  facts: Facts,
  { body, etag, contentType }: { body: Buffer; etag: string; contentType: string },
): void {
  const pinned = request.query.v === posterVersionOf(facts);
  response.setHeader('etag', etag);
  response.setHeader(
    'cache-control',
    // A private event's poster is for its own people: no shared cache keeps it.
    !facts.open
      ? 'private, no-cache'
      : pinned
        ? 'public, max-age=31536000, immutable'
        : 'public, max-age=300, stale-while-revalidate=86400',
  );
  if (request.get('if-none-match')?.split(/,\s*/).includes(etag)) {
    response.status(304).end();
    return;
  }
  response.type(contentType).send(body);
}
