import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cleanUpload, sniffImage } from './clean-upload.ts';
import { nearestPalette, nearestPaletteToColor } from './nearest-palette.ts';

const picture = (width: number, height: number, background = '#1F6F8B') =>
  sharp({ create: { width, height, channels: 3, background } });

const crc = (bytes: Buffer): number => {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
};
const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
};
/** A few kilobytes that say they unpack to `side` × `side` pixels. */
const bomb = (side: number): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

describe('an uploaded picture', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('%s is taken and comes out as WebP', async (format) => {
    const bytes = await picture(900, 1200).toFormat(format).toBuffer();
    expect(sniffImage(bytes)).toBe(format);
    const cleaned = await cleanUpload(bytes, 'photo');
    expect(cleaned.ok && [cleaned.width, cleaned.height]).toEqual([900, 1200]);
    if (cleaned.ok) {
      expect(sniffImage(Buffer.from(cleaned.image))).toBe('webp');
      expect(cleaned.blurDataUri).toMatch(/^data:image\/webp;base64,/);
      expect(cleaned.blurDataUri.length).toBeLessThan(700);
    }
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'svg_refused'],
    ['an SVG behind a declaration', '<?xml version="1.0"?><!-- x -->\n<svg width="9" height="9"></svg>', 'svg_refused'],
    ['a web page', '<!doctype html><script>1</script>', 'type_refused'],
    ['a GIF', 'GIF89a\x01\x00\x01\x00', 'type_refused'],
    ['a PDF that calls itself a picture', '%PDF-1.7 photo.png', 'type_refused'],
    ['nothing', '', 'empty'],
    ['a JPEG that ends after its first bytes', '\xff\xd8\xff\xe0\x00\x10JFIF', 'broken'],
    ['an SVG behind the first bytes of a PNG', '\x89PNG\r\n\x1a\n<svg width="9" height="9"></svg>', 'broken'],
  ])('refuses %s', async (_name, text, reason) => {
    const cleaned = await cleanUpload(Buffer.from(text, 'latin1'), 'photo');
    expect(cleaned).toMatchObject({ ok: false, reason });
    expect(!cleaned.ok && cleaned.words.length).toBeGreaterThan(10);
  });

  it('refuses a HEIC, which is not an AVIF though its box looks alike', async () => {
    const heic = Buffer.from('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic', 'latin1');
    await expect(cleanUpload(heic, 'photo')).resolves.toMatchObject({ ok: false, reason: 'type_refused' });
  });

  it('refuses a small file that would unpack into a bomb, before unpacking it', async () => {
    const bytes = bomb(30_000);
    expect(bytes.length).toBeLessThan(2_000);
    const before = process.memoryUsage().rss;
    await expect(cleanUpload(bytes, 'photo')).resolves.toMatchObject({ ok: false, reason: 'too_many_pixels' });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('refuses a file that is cut off in the middle', async () => {
    const bytes = await picture(800, 800).jpeg().toBuffer();
    const noisy = await sharp({
      create: {
        width: 800,
        height: 800,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .png()
      .toBuffer();
    expect(bytes.length).toBeGreaterThan(0);
    const cut = noisy.subarray(0, Math.floor(noisy.length / 2));
    await expect(cleanUpload(cut, 'photo')).resolves.toMatchObject({ ok: false, reason: 'broken' });
  });

  it('loses the place and the device it was taken with, and stands upright', async () => {
    const bytes = await picture(1000, 600)
      .withExif({ IFD0: { Make: 'SecretCam', Artist: 'Somebody' }, IFD3: { GPSLatitude: '52/1 31/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const tagged = await picture(1000, 600)
      .withExif({ IFD0: { Make: 'SecretCam' } })
      .jpeg()
      .toBuffer();
    expect(tagged.includes('SecretCam')).toBe(true);
    for (const source of [bytes, tagged]) {
      const cleaned = await cleanUpload(source, 'photo');
      if (!cleaned.ok) throw new Error(cleaned.reason);
      const facts = await sharp(cleaned.image).metadata();
      expect(facts.exif ?? facts.xmp ?? facts.icc).toBeUndefined();
      expect(Buffer.from(cleaned.image).includes('SecretCam')).toBe(false);
    }
    const upright = await cleanUpload(bytes, 'photo');
    expect(upright.ok && [upright.width, upright.height]).toEqual([600, 1000]);
  });

  it('is at most 2,000 pixels long, and never enlarged', async () => {
    const large = await cleanUpload(await picture(4000, 1000).jpeg().toBuffer(), 'photo');
    expect(large.ok && [large.width, large.height]).toEqual([2000, 500]);
    const small = await cleanUpload(await picture(300, 200).jpeg().toBuffer(), 'photo');
    expect(small.ok && [small.width, small.height]).toEqual([300, 200]);
  });

  it('becomes 4:5 as a cover, or is refused when too little would be left', async () => {
    const wide = await cleanUpload(await picture(3000, 1500).jpeg().toBuffer(), 'cover');
    expect(wide.ok && [wide.width, wide.height]).toEqual([1200, 1500]);
    const tall = await cleanUpload(await picture(2600, 5000).jpeg().toBuffer(), 'cover');
    expect(tall.ok && [tall.width, tall.height]).toEqual([1600, 2000]);
    await expect(cleanUpload(await picture(2000, 600).jpeg().toBuffer(), 'cover')).resolves.toMatchObject({
      reason: 'too_small',
    });
  });
});

describe('the nearest palette', () => {
  it.each([
    [[16, 19, 43], 'midnight'],
    [[30, 23, 20], 'rust'],
    [[29, 63, 209], 'cobalt'],
    [[230, 255, 79], 'acid'],
  ] as const)('of %j is %s', (color, name) => {
    expect(nearestPaletteToColor(color)).toBe(name);
  });

  it('is taken from the mean of the picture', async () => {
    expect(await nearestPalette(await picture(60, 60, '#1D3FD1').webp().toBuffer())).toBe('cobalt');
    expect(await nearestPalette(await picture(60, 60, '#E6FF4F').webp().toBuffer())).toBe('acid');
  });
});
