/** Pixels from drawings. The grain makes flat fills look printed; it is made of numbers, not of a random device, so
 *  the same drawing always gives the same picture. */
import sharp from 'sharp';
import { type ImageFormat, STUB_WIDTH } from './picture-formats.ts';
import { seedRandom } from './seed-random.ts';

const TILE = 512;
const grains = new Map<string, Buffer>();

/** Gaussian noise on mid-grey, three bytes a pixel: one tile, laid as often as the picture needs. */
const grain = (width: number, height: number, sigma: number): Buffer => {
  const key = `${width} ${height} ${sigma}`;
  const kept = grains.get(key);
  if (kept) return kept;
  const random = seedRandom(7);
  const tile = Buffer.alloc(TILE * TILE * 3);
  for (let index = 0; index < TILE * TILE; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const grey = Math.round(128 + sigma * radius * Math.cos(2 * Math.PI * random()));
    tile.fill(Math.max(0, Math.min(255, grey)), index * 3, index * 3 + 3);
  }
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += TILE) {
      const from = (y % TILE) * TILE * 3;
      tile.copy(pixels, (y * width + x) * 3, from, from + Math.min(TILE, width - x) * 3);
    }
  }
  if (grains.size > 8) grains.clear();
  grains.set(key, pixels);
  return pixels;
};

export interface RenderInput {
  /** An SVG document of ours. Never one from outside: SVG can read files and addresses. */
  svg: string;
  /** Pixels; the height follows from the drawing. */
  width: number;
  format: ImageFormat;
  grain?: boolean;
}

/** Draws an SVG of ours into pixels. */
export async function renderImage({ svg, width, format, grain: grained = true }: RenderInput): Promise<Buffer> {
  const natural = Number(/\bwidth="(\d+)"/.exec(svg)?.[1] ?? width);
  const density = Math.max(1, (72 * width) / natural);
  let image = sharp(Buffer.from(svg), { density }).resize(width).flatten().removeAlpha().toColourspace('srgb');
  if (grained) {
    // σ 14 at full size, softer where the picture is smaller.
    const sigma = width >= 900 ? 14 : width >= 480 ? 10 : 7;
    const flat = await image.raw().toBuffer({ resolveWithObject: true });
    const { width: w, height: h, channels } = flat.info;
    image = sharp(flat.data, { raw: { width: w, height: h, channels } }).composite([
      { input: grain(w, h, sigma), raw: { width: w, height: h, channels: 3 }, blend: 'soft-light' },
    ]);
  }
  if (format === 'webp') return image.webp({ quality: 82, effort: 3, smartSubsample: true }).toBuffer();
  if (format === 'jpeg') return image.jpeg({ quality: 88, chromaSubsampling: '4:4:4' }).toBuffer();
  return image.png({ compressionLevel: 7 }).toBuffer();
}

/** A placeholder 16 pixels wide as a data URI (a few hundred bytes), for drawings and for uploaded pictures. */
export async function renderBlur(image: string | Buffer): Promise<string> {
  const bytes = await sharp(typeof image === 'string' ? Buffer.from(image) : image)
    .resize(16)
    .flatten()
    .webp({ quality: 40, effort: 4 })
    .toBuffer();
  return `data:image/webp;base64,${bytes.toString('base64')}`;
}

/** The upper part of a cover, 4:3, as a printed ticket shows it. */
export async function renderStub(cover: Buffer): Promise<Buffer> {
  const cut = sharp(cover).resize(STUB_WIDTH, STUB_WIDTH * 0.75, { fit: 'cover', position: 'top' });
  return cut.flatten().jpeg({ quality: 86 }).toBuffer();
}

/** A smaller copy of an uploaded cover, 4:5. `image` has been through `cleanUpload`, which cut it around what draws the eye. */
export async function renderCover(image: Buffer, width: number, format: ImageFormat): Promise<Buffer> {
  const small = sharp(image).resize(width, Math.round(width * 1.25), { fit: 'cover' });
  if (format === 'webp') return small.webp({ quality: 82, effort: 3 }).toBuffer();
  if (format === 'jpeg') return small.jpeg({ quality: 86 }).toBuffer();
  return small.png({ compressionLevel: 7 }).toBuffer();
}
