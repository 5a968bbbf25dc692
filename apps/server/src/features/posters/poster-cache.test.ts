import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { drawIn, openDrawings } from '../drawings/draw.ts';
import { drawFavicon, ICON_SIZES, renderFavicon } from './draw-favicon.ts';
import { createPosterCache } from './poster-cache.ts';

const input = {
  title: 'Velvet Static',
  city: 'Berlin',
  dateLabel: 'Thu 26 Nov',
  spec: { palette: 'plum', motif: 'rings', layout: 'bleed', seed: 3 },
} as const;

describe('kept pictures', () => {
  const lanes = openDrawings(createLog({ level: 'error' }));
  const draw = drawIn(lanes, ['test']);
  afterAll(() => Promise.all([lanes.documents.close(), lanes.pictures.close()]));
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'posters-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('a picture has the asked size and type, and one etag for one input', async () => {
    const cache = createPosterCache({ directory })(draw);
    const small = cache.posterImage({ ...input, width: 270, format: 'webp' });
    const facts = await sharp(await small.body()).metadata();
    expect([facts.width, facts.height, facts.format]).toEqual([270, 338, 'webp']);
    expect(small.contentType).toBe('image/webp');
    expect(small.etag).toMatch(/^"[0-9a-f]{32}"$/);
    const other = cache.posterImage({ ...input, title: 'Velvet Statik', width: 270, format: 'webp' });
    expect(other.etag).not.toBe(small.etag);
  });

  it('a hundred who ask at once make one drawing', async () => {
    const cache = createPosterCache({ directory })(draw);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => cache.posterImage({ ...input, width: 270, format: 'png' }).body()),
    );
    expect(new Set(all).size).toBe(1);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('a restart finds it on disk, to the byte; so does a machine that has to draw it again', async () => {
    const ask = (folder: string) =>
      createPosterCache({ directory: folder })(draw).posterImage({ ...input, width: 270, format: 'webp' });
    const first = await ask(directory).body();
    expect((await ask(directory).body()).equals(first)).toBe(true);
    expect((await ask(join(directory, 'other')).body()).equals(first)).toBe(true);
    expect(ask(join(directory, 'other')).etag).toBe(ask(directory).etag);
  });

  it('keeps so much on disk and no more: the oldest goes, and is drawn again when it is asked for', async () => {
    const drawn = async () => Buffer.alloc(100_000);
    const cache = createPosterCache({ directory, diskBytesMax: 1_000_000, memoryBytesMax: 0 })(drawn as never);
    for (let n = 0; n < 40; n++)
      await cache.posterImage({ ...input, title: `Draft ${n}`, width: 1080, format: 'png' }).body();
    expect((await readdir(directory)).length).toBeLessThanOrEqual(11);
    expect(await cache.posterImage({ ...input, title: 'Draft 0', width: 1080, format: 'png' }).body()).toHaveLength(
      100_000,
    );
  });

  it('who asks is counted when a picture has to be drawn, never when it is kept or under way', async () => {
    const cache = createPosterCache({ directory })(draw);
    let counted = 0;
    const ask = () => cache.posterImage({ ...input, width: 270, format: 'png' }).body(() => void counted++);
    const refused = cache.posterImage({ ...input, width: 540, format: 'png' }).body(() => {
      throw new Error('enough');
    });
    await expect(refused).rejects.toThrow('enough');
    await ask();
    await Promise.all([ask(), ask()]);
    expect(counted).toBe(1);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('a cover is derived once in three widths and two formats, and goes with all of them', async () => {
    const cache = createPosterCache({ directory })(draw);
    let reads = 0;
    const bytes = await sharp({ create: { width: 800, height: 1000, channels: 3, background: '#a33' } })
      .webp()
      .toBuffer();
    const cover = {
      name: 'a.webp',
      read: async () => {
        reads++;
        return bytes;
      },
    };
    await cache.deriveCover(cover);
    await cache.coverImage({ cover, width: 540, format: 'webp' }).body();
    expect(reads).toBe(6);
    expect(await readdir(directory)).toHaveLength(6);
    expect(cache.coverImage({ cover: { ...cover, name: 'b.webp' }, width: 540, format: 'webp' }).etag).not.toBe(
      cache.coverImage({ cover, width: 540, format: 'webp' }).etag,
    );
    await cache.shareImage({ ...input, cover }).body();
    await cache.forgetCover(cover.name);
    expect(await readdir(directory)).toHaveLength(0);
  });

  it('a directory that cannot be written makes it slower, not broken', async () => {
    const cache = createPosterCache({ directory: '/dev/null/posters' })(draw);
    const { spec, title } = input;
    const crop = cache.motifImage({ spec, title, shape: 'square', shot: 1, width: 270, format: 'webp' });
    expect((await sharp(await crop.body()).metadata()).height).toBe(270);
  });

  it('gives share images and placeholders from the same place', async () => {
    const cache = createPosterCache({ directory, memoryBytesMax: 1 })(draw);
    const share = cache.shareImage(input);
    expect((await sharp(await share.body()).metadata()).width).toBe(1200);
    const blur = await cache.posterBlur(input);
    expect(blur).toMatch(/^data:image\/webp;base64,[A-Za-z0-9+/=]+$/);
    expect(await cache.posterBlur(input)).toBe(blur);
  });
});

describe('the icon', () => {
  it('is the live dot on ink in every size', async () => {
    expect(drawFavicon()).toContain('#FF4D3D');
    for (const size of ICON_SIZES) {
      const { data, info } = await sharp(await renderFavicon(size))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info.width).toBe(size);
      const middle = (Math.floor(size / 2) * size + Math.floor(size / 2)) * info.channels;
      expect([data[middle], data[middle + 1], data[middle + 2]]).toEqual([255, 77, 61]);
    }
  });
});
