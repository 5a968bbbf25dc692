import type { PaletteColors } from '@liventix/contracts/posters';

/** What a motif is drawn from. The field is 1080 wide and as high as the layout gives; a motif fills all of it. */
export interface Field {
  random: () => number;
  colors: PaletteColors;
  height: number;
  /** 1, or more when the motif may run over its edges (it is the whole sheet). */
  zoom: number;
  /** First letter of the title that the face can draw, upper case; empty when there is none. */
  initial: string;
}

export const FIELD_WIDTH = 1080;

export type DrawMotif = (field: Field) => string;

/** One decimal is a tenth of a pixel at full size; more would only make the file longer. */
export const short = (value: number): string => String(Math.round(value * 10) / 10);

export const circle = (x: number, y: number, radius: number, fill: string): string =>
  `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${fill}"/>`;

export const polygon = (points: ReadonlyArray<readonly [number, number]>, fill: string): string =>
  `<path d="M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join('L')}Z" fill="${fill}"/>`;

export const rectangle = (x: number, y: number, width: number, height: number, fill: string, radius = 0): string =>
  `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"${
    radius > 0 ? ` rx="${short(radius)}"` : ''
  } fill="${fill}"/>`;
