/// <reference path="./fontkit.d.ts" />
/**
 * The house's display face as files. An `<img>` cannot load the page's fonts, and a PDF carries its own, so both
 * read the static cuts from the npm package. The package is found from this module, which works from source and
 * from the built bundle alike, because both lie inside the server's folder.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

export type FontWeight = 400 | 600 | 800;

/** The face is cut into three files by script; a text may need more than one of them. */
export const FONT_SUBSETS = ['latin', 'latin-ext', 'vietnamese'] as const;
export type FontSubset = (typeof FONT_SUBSETS)[number];

const resolve = createRequire(import.meta.url).resolve;
const files = new Map<string, Buffer>();
const fonts = new Map<string, Font>();

/** The bytes of one static `.woff` of Bricolage Grotesque, read once per process. */
export function readFontFile(weight: FontWeight, subset: FontSubset): Buffer {
  const name = `bricolage-grotesque-${subset}-${weight}-normal.woff`;
  let bytes = files.get(name);
  if (!bytes) {
    bytes = readFileSync(resolve(`@fontsource/bricolage-grotesque/files/${name}`));
    files.set(name, bytes);
  }
  return bytes;
}

/** The same file opened for its outlines. */
export function readFont(weight: FontWeight, subset: FontSubset): Font {
  const key = `${subset} ${weight}`;
  let font = fonts.get(key);
  if (!font) {
    font = create(readFontFile(weight, subset));
    fonts.set(key, font);
  }
  return font;
}

/** Which of the three files draws this character, or null when none does. */
export function subsetFor(codePoint: number, weight: FontWeight = 600): FontSubset | null {
  return FONT_SUBSETS.find((subset) => readFont(weight, subset).hasGlyphForCodePoint(codePoint)) ?? null;
}

export interface FontRun {
  subset: FontSubset;
  text: string;
}

/** Cuts a drawable text into runs of one file each. Characters that no file has are left out. */
export function splitRuns(text: string, weight: FontWeight = 600): FontRun[] {
  const runs: FontRun[] = [];
  for (const character of text.normalize('NFC')) {
    const subset = subsetFor(character.codePointAt(0) ?? 0, weight);
    if (!subset) continue;
    const last = runs.at(-1);
    if (last?.subset === subset) last.text += character;
    else runs.push({ subset, text: character });
  }
  return runs;
}
