import { CAP_HEIGHT, measureText, setText, type TextStyle } from './set-text.ts';

/** Coral: live, this second. The one colour of the house that is on every picture of it. */
export const CORAL = '#FF4D3D';
export const HOUSE_INK = '#0B0B12';
export const HOUSE_PAPER = '#FAF9F6';

/** The house's name with its dot. `x` is the left edge, `y` the baseline, `size` in the units of the drawing. */
export function drawWordmark(x: number, y: number, size: number, ink: string): string {
  const style: TextStyle = { weight: 800, size, squeeze: 0.9 };
  const radius = size * 0.13;
  const dotX = x + measureText('Liventix', style) + size * 0.07 + radius;
  return (
    setText('Liventix', x, y, ink, style) +
    `<circle cx="${dotX.toFixed(1)}" cy="${(y - size * CAP_HEIGHT + radius).toFixed(1)}" r="${radius.toFixed(1)}" fill="${CORAL}"/>`
  );
}
