/** The mark of the house where there is room for one sign only: the live dot on ink. */
import sharp from 'sharp';
import { CORAL, HOUSE_INK } from './draw-wordmark.ts';

/** Sizes in pixels: browser tab, iOS home screen, and the two of the web manifest. */
export const ICON_SIZES = [32, 180, 192, 512] as const;
export type IconSize = (typeof ICON_SIZES)[number];

/**
 * The icon as SVG. Square to its edges and with the dot well inside the middle, so that it also serves as a
 * `maskable` icon; browsers' tabs get rounded corners.
 */
export function drawFavicon({ rounded = true }: { rounded?: boolean } = {}): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">` +
    `<rect width="64" height="64"${rounded ? ' rx="14"' : ''} fill="${HOUSE_INK}"/>` +
    `<circle cx="32" cy="32" r="15" fill="${CORAL}"/></svg>`
  );
}

/** The icon as PNG. */
export async function renderFavicon(size: IconSize): Promise<Buffer> {
  return sharp(Buffer.from(drawFavicon({ rounded: size === 32 })), { density: (72 * size) / 64 })
    .resize(size, size)
    .png({ palette: true })
    .toBuffer();
}
