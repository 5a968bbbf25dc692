/**
 * Pictures, kept in memory and on disk: drawn posters, and what is derived from uploaded covers. A picture is a pure function of
 * its input, so the key is a hash of the input and nothing is ever out of date. One drawing serves all who ask
 * at once, in the drawing thread.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Draw } from '../drawings/draw.ts';
import type { MotifCropInput } from './draw-motif-crop.ts';
import type { PosterInput } from './draw-poster.ts';
import { CONTENT_TYPES, COVER_FORMATS, DRAWING_VERSION, type ImageFormat, STUB_WIDTH } from './picture-formats.ts';

/** What a file takes of a disk at least. */
const DISK_BLOCK = 4096;

export const POSTER_WIDTHS = [270, 540, 1080] as const;
export type PosterImageWidth = (typeof POSTER_WIDTHS)[number];

/** An uploaded cover: its file's name is new with each upload, so the name stands for the bytes. */
export interface Cover {
  name: string;
  read(): Promise<Uint8Array>;
}

export interface Picture {
  /** Strong, quoted, ready for the header; known before anything is drawn. */
  etag: string;
  contentType: string;
  /** @param admit is called once if the picture has to be drawn, and may refuse by throwing */
  body(admit?: () => void | Promise<void>): Promise<Buffer>;
}

type Sized = { width: PosterImageWidth; format: 'webp' | 'png' };

export interface PosterCache {
  posterImage(input: PosterInput & Sized): Picture;
  coverImage(input: { cover: Cover } & Sized): Picture;
  motifImage(input: MotifCropInput & Sized): Picture;
  /** The art of a printed ticket, 1200 × 900 JPEG: the upper part of the cover, or the motif. */
  stubArt(input: Pick<MotifCropInput, 'spec' | 'title'> & { cover: Cover | null }): Picture;
  /** 1200 × 630 PNG. */
  shareImage(input: PosterInput & { cover?: Cover | null }): Picture;
  /** Placeholder of a poster, 16 pixels wide, as a data URI. */
  posterBlur(input: PosterInput): Promise<string>;
  /** Derives all that a new cover is asked for. */
  deriveCover(cover: Cover): Promise<void>;
  /** Removes what was derived from a cover that is gone. */
  forgetCover(name: string): Promise<void>;
}

/**
 * One cache for all; each caller draws what is missing in her own turn.
 *
 * @param directory where pictures survive a restart; made when missing. What cannot be read or written there is drawn
 *   again: a full disk makes pages slower, never broken.
 * @param memoryBytesMax how much is kept in memory, oldest use first out
 * @param diskBytesMax how much is kept in the directory, oldest drawing first out: strangers can have any number drawn
 */
export function createPosterCache({
  directory,
  memoryBytesMax = 64_000_000,
  diskBytesMax = 2_000_000_000,
}: {
  directory: string;
  memoryBytesMax?: number;
  diskBytesMax?: number;
}): (draw: Draw) => PosterCache {
  const memory = new Map<string, Buffer>();
  let memoryBytes = 0;
  const underWay = new Map<string, Promise<Buffer>>();
  let bytesSinceLook = Number.POSITIVE_INFINITY;

  const remember = (name: string, body: Buffer): void => {
    memory.set(name, body);
    memoryBytes += body.length;
    for (const [oldest, bytes] of memory) {
      if (memoryBytes <= memoryBytesMax) break;
      memory.delete(oldest);
      memoryBytes -= bytes.length;
    }
  };

  const readKept = async (name: string): Promise<Buffer | null> => {
    const known = memory.get(name);
    if (known) {
      memory.delete(name);
      memory.set(name, known);
      return known;
    }
    const kept = await readFile(join(directory, name)).catch(() => null);
    if (!kept || kept.length === 0) return null;
    if (!memory.has(name)) remember(name, kept);
    return memory.get(name) ?? kept;
  };

  /** Looks at the folder again after each twentieth of what it may hold; other processes write there too. A file costs 4 KB at least. */
  const boundDirectory = async (written: number): Promise<void> => {
    bytesSinceLook += Math.max(written, DISK_BLOCK);
    if (bytesSinceLook < diskBytesMax / 20) return;
    bytesSinceLook = 0;
    const files = await Promise.all(
      (await readdir(directory)).map(async (name) => {
        const facts = await stat(join(directory, name)).catch(() => null);
        return { name, bytes: Math.max(facts?.size ?? 0, DISK_BLOCK), at: facts?.mtimeMs ?? 0 };
      }),
    );
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.at - b.at)) {
      if (bytes <= diskBytesMax) break;
      await rm(join(directory, file.name), { force: true });
      bytes -= file.bytes;
    }
  };

  const makeAndKeep = async (name: string, make: () => Promise<Buffer>): Promise<Buffer> => {
    const body = await make();
    const temporary = join(directory, `${name}.${randomUUID()}`);
    await mkdir(directory, { recursive: true })
      .then(() => writeFile(temporary, body))
      .then(() => rename(temporary, join(directory, name)))
      .then(() => boundDirectory(body.length))
      .catch(() => undefined);
    remember(name, body);
    return body;
  };

  const obtain = async (name: string, make: () => Promise<Buffer>, admit: () => unknown): Promise<Buffer> => {
    const kept = underWay.get(name) ?? (await readKept(name));
    if (kept) return kept;
    // Those who ask for one that is under way cost nothing and are not counted.
    if (!underWay.has(name)) await admit();
    let work = underWay.get(name);
    if (!work) {
      work = makeAndKeep(name, make).finally(() => underWay.delete(name));
      underWay.set(name, work);
    }
    return work;
  };

  const nameOf = (kind: string, facts: unknown, ending: string): string => {
    const key = createHash('sha256')
      .update(JSON.stringify([DRAWING_VERSION, kind, facts]))
      .digest('hex')
      .slice(0, 32);
    return `${kind}-${key}.${ending}`;
  };

  const picture = (kind: string, facts: unknown, ending: ImageFormat, make: () => Promise<Buffer>): Picture => {
    const name = nameOf(kind, facts, ending);
    return {
      etag: `"${name.slice(kind.length + 1, -ending.length - 1)}"`,
      contentType: CONTENT_TYPES[ending],
      body: (admit = () => undefined) => obtain(name, make, admit),
    };
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

  const sizesOf = (cover: Cover): Array<{ cover: Cover } & Sized> =>
    POSTER_WIDTHS.flatMap((width) => COVER_FORMATS.map((format) => ({ cover, width, format })));

  /** The cover it shows is in its name, so that it can be found when the cover goes. */
  const shareKind = (coverName: string | undefined): string =>
    coverName === undefined ? 'share' : `share-${parse(coverName).name}`;

  const coverFacts = ({ cover, width, format }: { cover: Cover } & Sized): unknown => [cover.name, width, format];

  return (draw) => ({
    posterImage: ({ width, format, ...input }) =>
      picture('poster', [factsOf(input), width, format], format, () => draw('poster', { ...input, width, format })),
    coverImage: ({ cover, width, format }) =>
      picture('cover', coverFacts({ cover, width, format }), format, async () =>
        draw('cover', { cover: await cover.read(), width, format }),
      ),
    motifImage: ({ width, format, spec, title, shape, shot = 0 }) =>
      picture('motif', [spec.palette, spec.motif, spec.seed, title, shape, shot, width, format], format, () =>
        draw('motif', { spec, title, shape, shot, width, format }),
      ),
    stubArt: ({ spec, title, cover }) =>
      cover
        ? picture('stub', [cover.name], 'jpeg', async () => draw('stub', { cover: await cover.read() }))
        : picture('stub', [spec.palette, spec.motif, spec.seed, title], 'jpeg', () =>
            draw('stubMotif', { spec, title, shape: 'landscape', width: STUB_WIDTH, format: 'jpeg' }),
          ),
    shareImage: ({ cover, ...input }) =>
      picture(shareKind(cover?.name), [factsOf(input), cover?.name ?? null], 'png', async () =>
        draw('share', { ...input, cover: cover ? await cover.read() : null }),
      ),
    posterBlur: async (input) => {
      const make = async () => Buffer.from(await draw('blur', input));
      const body = await obtain(nameOf('blur', factsOf(input), 'txt'), make, () => undefined);
      return body.toString('latin1');
    },
    async deriveCover(cover) {
      for (const size of sizesOf(cover)) await this.coverImage(size).body();
    },
    async forgetCover(coverName) {
      const cover: Cover = { name: coverName, read: () => Promise.reject(new Error('a cover that is gone')) };
      const names = sizesOf(cover).map((size) => nameOf('cover', coverFacts(size), size.format));
      const isShare = (name: string) => name.startsWith(`${shareKind(coverName)}-`);
      const shares = [...memory.keys(), ...(await readdir(directory).catch(() => []))].filter(isShare);
      for (const name of new Set([...names, ...shares, nameOf('stub', [coverName], 'jpeg')])) {
        const body = memory.get(name);
        if (body) memoryBytes -= body.length;
        memory.delete(name);
        await rm(join(directory, name), { force: true }).catch(() => undefined);
      }
    },
  });
}
