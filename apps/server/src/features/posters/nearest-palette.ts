import { PALETTE_NAMES, PALETTES, type PaletteName } from '@liventix/contracts/posters';
import sharp from 'sharp';

type Lab = readonly [lightness: number, greenRed: number, blueYellow: number];

/** sRGB 0…255 → OKLab, where a distance is roughly what an eye sees. */
const toLab = ([red, green, blue]: readonly [number, number, number]): Lab => {
  const linear = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const r = linear(red);
  const g = linear(green);
  const b = linear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};

const fromHex = (hex: string): readonly [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

/**
 * The colours that a set is known by: its paper, and on the eight light and quiet papers also its `a`. On a strong
 * paper (midnight, rust, cobalt, acid) `a` is a contrast to it, and a yellow picture must not get a blue page.
 */
const paletteLooks: ReadonlyArray<readonly [PaletteName, readonly Lab[]]> = PALETTE_NAMES.map((name) => {
  const paper = toLab(fromHex(PALETTES[name].paper));
  const quiet = paper[0] > 0.9 && Math.hypot(paper[1], paper[2]) < 0.08;
  return [name, quiet ? [paper, toLab(fromHex(PALETTES[name].a))] : [paper]];
});

/** The nearest of the twelve sets to a colour (sRGB, 0 to 255 each). Hue counts more than lightness. */
export function nearestPaletteToColor(color: readonly [number, number, number]): PaletteName {
  const lab = toLab(color);
  let best: PaletteName = PALETTE_NAMES[0];
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [name, looks] of paletteLooks) {
    for (const look of looks) {
      const distance = Math.hypot((lab[0] - look[0]) * 0.4, (lab[1] - look[1]) * 2, (lab[2] - look[2]) * 2);
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
  }
  return best;
}

/** The set that an uploaded picture's page is coloured with. `image` has been through `cleanUpload`. */
export async function nearestPalette(image: Buffer): Promise<PaletteName> {
  const [red = 0, green = 0, blue = 0] = await sharp(image)
    .flatten()
    .toColourspace('srgb')
    .resize(1, 1, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return nearestPaletteToColor([red, green, blue]);
}
