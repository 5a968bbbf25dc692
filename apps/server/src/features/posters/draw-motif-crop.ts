/** The event's art without words: pictures for posts, the head of a ticket. */
import { PALETTES, type PosterSpec } from '@liventix/contracts/posters';
import { drawMotif } from './draw-motif.ts';
import { findInitial } from './draw-poster.ts';
import { loadFaces } from './load-faces.ts';
import { FIELD_WIDTH, short } from './motifs/field.ts';
import { seedRandom } from './seed-random.ts';

export type CropShape = 'square' | 'landscape';

/** Height of a 1080 wide crop: 1:1 and 4:3. */
export const CROP_HEIGHTS: Record<CropShape, number> = { square: 1080, landscape: 810 };

export interface MotifCropInput {
  spec: PosterSpec;
  /** Only the letter motif reads it. */
  title: string;
  shape: CropShape;
  /**
   * Which picture of the event: 0 shows the motif whole; 1, 2, 3 … look closer at another part of it, each the same
   * every time.
   */
  shot?: number;
}

/** Draws the crop as an SVG document, 1080 wide. */
export async function drawMotifCrop({ spec, title, shape, shot = 0 }: MotifCropInput): Promise<string> {
  if (spec.motif === 'letter') await loadFaces(title);
  const { palette, motif, seed } = spec;
  const colors = PALETTES[palette];
  const height = CROP_HEIGHTS[shape];
  const art = drawMotif(motif, 0, {
    random: seedRandom(seed),
    colors,
    height,
    zoom: shot === 0 ? 1 : 1.3,
    initial: findInitial(title),
  });
  let viewBox = `0 0 ${FIELD_WIDTH} ${height}`;
  if (shot > 0) {
    const random = seedRandom((seed + Math.imul(shot, 0x9e3779b1)) >>> 0);
    const zoom = 1.35 + 0.75 * random();
    const width = FIELD_WIDTH / zoom;
    // Looks towards the middle: the corners of some motifs are empty.
    const x = (FIELD_WIDTH - width) * (0.12 + 0.76 * random());
    const y = (height - height / zoom) * (0.2 + 0.7 * random());
    viewBox = `${short(x)} ${short(y)} ${short(width)} ${short(height / zoom)}`;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${FIELD_WIDTH}" height="${height}">` +
    `<rect width="${FIELD_WIDTH}" height="${height}" fill="${colors.paper}"/>${art}</svg>`
  );
}
