import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawFavicon, ICON_SIZES, renderFavicon } from './draw-favicon.ts';
import { createPosterCache } from './poster-cache.ts';

const input = {
  title: 'Velvet Static',
  city: 'Berlin',
  dateLabel: 'Thu 26 Nov',
  spec: { palette: 'plum', motif: 'rings', layout: 'bleed', seed: 3 },
} as const;

describe('kept pictures', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'posters-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('a picture has the asked size and type, and one etag for one input', async () => {
    const cache = createPosterCache({ directory });
    const small = await cache.posterImage({ ...input, width: 270, format: 'webp' });
    const facts = await sharp(small.body).metadata();
    expect([facts.width, facts.height, facts.format]).toEqual([270, 338, 'webp']);
    expect(small.contentType).toBe('image/webp');
    expect(small.etag).toMatch(/^"[0-9a-f]{32}"$/);
    const other = await cache.posterImage({ ...input, title: 'Velvet Statik', width: 270, format: 'webp' });
    expect(other.etag).not.toBe(small.etag);
  });

  it('a hundred who ask at once make one drawing', async () => {
    const cache = createPosterCache({ directory });
    const all = await Promise.all(
      Array.from({ length: 100 }, () => cache.posterImage({ ...input, width: 270, format: 'png' })),
    );
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('a restart finds it on disk, to the byte; so does a machine that has to draw it again', async () => {
    const first = await createPosterCache({ directory }).posterImage({ ...input, width: 270, format: 'webp' });
    const again = await createPosterCache({ directory }).posterImage({ ...input, width: 270, format: 'webp' });
    expect(again.body.equals(first.body)).toBe(true);
    const elsewhere = createPosterCache({ directory: join(directory, 'other') });
    const redrawn = await elsewhere.posterImage({ ...input, width: 270, format: 'webp' });
    expect(redrawn.body.equals(first.body)).toBe(true);
    expect(redrawn.etag).toBe(first.etag);
  });

  it('a directory that cannot be written makes it slower, not broken', async () => {
    const cache = createPosterCache({ directory: '/dev/null/posters' });
    const { body } = await cache.motifImage({
      spec: input.spec,
      title: input.title,
      shape: 'square',
      shot: 1,
      width: 270,
      format: 'webp',
    });
    expect((await sharp(body).metadata()).height).toBe(270);
  });

  it('gives share images and placeholders from the same place', async () => {
    const cache = createPosterCache({ directory, memoryBytesMax: 1 });
    const share = await cache.shareImage(input);
    expect((await sharp(share.body).metadata()).width).toBe(1200);
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
