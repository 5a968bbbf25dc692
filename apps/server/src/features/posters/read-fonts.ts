/// <reference path="./fontkit.d.ts" />
/// <reference path="./woff2sfnt-sfnt2woff.d.ts" />
/**
 * The house's display face as files. An `<img>` cannot load the page's fonts, and a PDF carries its own, so both
 * read the static cuts from the npm package. The package is found from this module, which works from source and
 * from the built bundle alike, because both lie inside the server's folder. Other scripts: `load-faces.ts`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { toSfnt } from 'woff2sfnt-sfnt2woff';

export type FontWeight = 400 | 600 | 800;

export interface Face {
  /** One for each file that a document carries. */
  key: string;
  file: Buffer;
  font: Font;
}

/** The face is cut into three files by script; a text may need more than one of them. */
const SUBSETS = ['latin', 'latin-ext', 'vietnamese'] as const;

const { resolve } = createRequire(import.meta.url);
const faces = new Map<string, Face>();

function readFace(family: string, cut: string): Face {
  const key = `${family}-${cut}`;
  let face = faces.get(key);
  if (!face) {
    // Unpacked once: from a WOFF, fontkit inflates a table each time it looks at a glyph, which was half of a drawing's time.
    const file = toSfnt(readFileSync(resolve(`@fontsource/${family}/files/${key}-normal.woff`)));
    face = { key, file, font: create(file) };
    faces.set(key, face);
  }
  return face;
}

/** Which file of the house's face draws this character, or null when none does. Read once per process. */
export function readHouseFace(codePoint: number, weight: FontWeight): Face | null {
  for (const subset of SUBSETS) {
    const face = readFace('bricolage-grotesque', `${subset}-${weight}`);
    if (face.font.hasGlyphForCodePoint(codePoint)) return face;
  }
  return null;
}

/** The face of codes that people read out: its zero is no O. */
export function readCodeFace(): Face {
  return readFace('jetbrains-mono', 'latin-700');
}
