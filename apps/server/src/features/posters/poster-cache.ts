/**
 * Drawn pictures, kept in memory and on disk. A picture is a pure function of its input, so the key is a hash of the
 * input and nothing ever has to be thrown out of date. At most two are drawn at once: drawing must not take the
 * processor from people who are buying.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawMotifCrop, type MotifCropInput } from './draw-motif-crop.ts';
import { DRAWING_VERSION, drawPoster, type PosterInput } from './draw-poster.ts';
import { drawShareImage, SHARE_WIDTH, type ShareImageInput } from './draw-share-image.ts';
import { CONTENT_TYPES, type ImageFormat, renderBlur, renderImage } from './render-image.ts';

export const POSTER_WIDTHS = [270, 540, 1080] as const;
export type PosterImageWidth = (typeof POSTER_WIDTHS)[number];

export interface CachedImage {
  body: Buffer;
  /** Strong, quoted, ready for the header. */
  etag: string;
  contentType: string;
}

export interface PosterCache {
  posterImage(input: PosterInput & { width: PosterImageWidth; format: 'webp' | 'png' }): Promise<CachedImage>;
  motifImage(input: MotifCropInput & { width: PosterImageWidth; format: 'webp' | 'png' }): Promise<CachedImage>;
  /** 1200 × 630 PNG. */
  shareImage(input: ShareImageInput): Promise<CachedImage>;
  /** Placeholder of a poster, 16 pixels wide, as a data URI. */
  posterBlur(input: PosterInput): Promise<string>;
}

const DRAWINGS_AT_ONCE = 2;

/** A door that lets `places` through at a time, in order of arrival. */
const openDoor = (places: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let free = places;
  const queue: Array<() => void> = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free++;
    }
  };
};

/**
 * @param directory where pictures survive a restart; made when missing. What cannot be read or written there is drawn
 *   again: a full disk makes pages slower, never broken.
 * @param memoryBytesMax how much is kept in memory, oldest use first out
 */
export function createPosterCache({
  directory,
  memoryBytesMax = 64_000_000,
}: {
  directory: string;
  memoryBytesMax?: number;
}): PosterCache {
  const memory = new Map<string, Buffer>();
  let memoryBytes = 0;
  const underWay = new Map<string, Promise<Buffer>>();
  const throughDoor = openDoor(DRAWINGS_AT_ONCE);

  const remember = (name: string, body: Buffer): void => {
    memory.set(name, body);
    memoryBytes += body.length;
    for (const [oldest, bytes] of memory) {
      if (memoryBytes <= memoryBytesMax) break;
      memory.delete(oldest);
      memoryBytes -= bytes.length;
    }
  };

  const obtain = async (name: string, draw: () => Promise<Buffer>): Promise<Buffer> => {
    const path = join(directory, name);
    const kept = await readFile(path).catch(() => null);
    if (kept && kept.length > 0) return kept;
    const body = await throughDoor(draw);
    const temporary = `${path}.${randomUUID()}`;
    await mkdir(directory, { recursive: true })
      .then(() => writeFile(temporary, body))
      .then(() => rename(temporary, path))
      .catch(() => undefined);
    return body;
  };

  const cached = async (
    kind: string,
    facts: unknown,
    ending: string,
    draw: () => Promise<Buffer>,
  ): Promise<CachedImage> => {
    const key = createHash('sha256')
      .update(JSON.stringify([DRAWING_VERSION, kind, facts]))
      .digest('hex')
      .slice(0, 32);
    const name = `${kind}-${key}.${ending}`;
    let body = memory.get(name);
    if (body) {
      memory.delete(name);
      memory.set(name, body);
    } else {
      let work = underWay.get(name);
      if (!work) {
        work = obtain(name, draw)
          .then((bytes) => {
            remember(name, bytes);
            return bytes;
          })
          .finally(() => underWay.delete(name));
        underWay.set(name, work);
      }
      body = await work;
    }
    const contentType = ending in CONTENT_TYPES ? CONTENT_TYPES[ending as ImageFormat] : 'text/plain; charset=utf-8';
    return { body, etag: `"${key}"`, contentType };
  };

  const factsOf = ({ title, city, dateLabel, spec }: PosterInput): unknown => [
    title,
    city,
    dateLabel,
    spec.palette,
    spec.motif,
    spec.layout,
    spec.seed,
  ];

  return {
    posterImage: ({ width, format, ...input }) =>
      cached('poster', [factsOf(input), width, format], format, async () =>
        renderImage({ svg: drawPoster(input), width, format }),
      ),
    motifImage: ({ width, format, spec, title, shape, shot = 0 }) =>
      cached('motif', [spec.palette, spec.motif, spec.seed, title, shape, shot, width, format], format, async () =>
        renderImage({ svg: drawMotifCrop({ spec, title, shape, shot }), width, format }),
      ),
    shareImage: (input) =>
      cached('share', [factsOf(input), input.coverDataUri ?? null], 'png', async () =>
        renderImage({ svg: drawShareImage(input), width: SHARE_WIDTH, format: 'png', grain: false }),
      ),
    posterBlur: async (input) => {
      const { body } = await cached('blur', factsOf(input), 'txt', async () =>
        Buffer.from(await renderBlur(drawPoster(input))),
      );
      return body.toString('latin1');
    },
  };
}
