/// <reference path="./fontkit.d.ts" />
/// <reference path="./subset-font.d.ts" />
/**
 * Noto Sans for what the house's face lacks: one package for each script, cut into slices of about a hundred characters. They come
 * as variable WOFF2, which neither a PDF nor fontkit's subsetter can take, so a slice is made into a plain font of one weight
 * when a text first needs it, and kept. Load the texts, then draw: what was not loaded is not drawn.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import subsetFont from 'subset-font';
import { type Face, type FontWeight, readHouseFace } from './read-fonts.ts';

/** In the order in which they are asked. */
const SCRIPTS = [
  ...[
    'noto-sans',
    'noto-sans-arabic',
    'noto-sans-hebrew',
    'noto-sans-thai',
    'noto-sans-georgian',
    'noto-sans-armenian',
  ],
  ...['noto-sans-bengali', 'noto-sans-gurmukhi', 'noto-sans-gujarati', 'noto-sans-tamil', 'noto-sans-telugu'],
  ...['noto-sans-kannada', 'noto-sans-malayalam', 'noto-sans-sinhala', 'noto-sans-khmer', 'noto-sans-lao'],
  ...['noto-sans-myanmar', 'noto-sans-ethiopic'],
];
const JAPANESE = [...SCRIPTS, 'noto-sans-jp', 'noto-sans-sc', 'noto-sans-kr'];
const CHINESE = [...SCRIPTS, 'noto-sans-sc', 'noto-sans-jp', 'noto-sans-kr'];
const KOREAN = [...SCRIPTS, 'noto-sans-kr', 'noto-sans-jp', 'noto-sans-sc'];

/** Han is drawn the way of the language that the rest of the text gives away. */
const packagesFor = (text: string): readonly string[] =>
  /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
    ? JAPANESE
    : /\p{Script=Hangul}/u.test(text)
      ? KOREAN
      : CHINESE;

const { resolve } = createRequire(import.meta.url);

interface Slice {
  name: string;
  ranges: ReadonlyArray<readonly [first: number, last: number]>;
}

const slicesOf = new Map<string, readonly Slice[]>();

/** What a package has, from its own list. Symbols and mathematics stay out: people's words are letters. */
function listSlices(name: string): readonly Slice[] {
  const known = slicesOf.get(name);
  if (known) return known;
  const lists = JSON.parse(readFileSync(resolve(`@fontsource-variable/${name}/unicode.json`), 'utf8')) as Record<
    string,
    string
  >;
  const slices = Object.entries(lists)
    .filter(([slice]) => slice !== 'symbols' && slice !== 'math')
    .map(([slice, list]) => ({
      name: slice.replace(/[[\]]/g, ''),
      ranges: list.split(',').map((range) => {
        const [first = '', last = first] = range.replace('U+', '').split('-');
        return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
      }),
    }));
  slicesOf.set(name, slices);
  return slices;
}

interface Place {
  name: string;
  slice: string;
}

const places = new Map<readonly string[], Map<number, Place | null>>();

/** Which slice has a character; remembered, because setting a title asks for the same ones many times. */
function findSlice(codePoint: number, packages: readonly string[]): Place | null {
  const known = places.get(packages) ?? new Map<number, Place | null>();
  places.set(packages, known);
  let place = known.get(codePoint);
  if (place === undefined) {
    place = null;
    for (const name of packages) {
      const has = ({ ranges }: Slice) => ranges.some(([first, last]) => first <= codePoint && codePoint <= last);
      const slice = listSlices(name).find(has);
      if (slice) {
        place = { name, slice: slice.name };
        break;
      }
    }
    known.set(codePoint, place);
  }
  return place;
}

/** Whether some face has this character, loaded or not. */
export function hasFace(codePoint: number): boolean {
  return readHouseFace(codePoint, 600) !== null || findSlice(codePoint, CHINESE) !== null;
}

/** Bold is bold: beside our heaviest cut Noto's own would be blots. */
const weightOf = (weight: FontWeight): number => (weight === 800 ? 700 : weight);
const keyOf = (name: string, slice: string, weight: FontWeight): string => `${name}-${slice}-${weightOf(weight)}`;

const loaded = new Map<string, Face>();
const loading = new Map<string, Promise<void>>();

async function loadSlice(name: string, slice: string, weight: FontWeight): Promise<void> {
  const path = resolve(`@fontsource-variable/${name}/files/${name}-${slice}-wght-normal.woff2`);
  const file = await subsetFont(await readFile(path), '', {
    targetFormat: 'sfnt',
    keepAllGlyphs: true,
    variationAxes: { wght: weightOf(weight) },
  });
  const key = keyOf(name, slice, weight);
  loaded.set(key, { key, file, font: create(file) });
}

/** Makes ready what these texts need beyond the house's face, in all weights. Latin texts cost nothing. */
export async function loadFaces(...texts: readonly string[]): Promise<void> {
  const needed = new Map<string, Promise<void>>();
  for (const text of texts) {
    const packages = packagesFor(text);
    // Capitals too: titles are set in them.
    for (const character of new Set(`${text}${text.toUpperCase()}`.normalize('NFC'))) {
      const codePoint = character.codePointAt(0) ?? 0;
      const found = readHouseFace(codePoint, 600) ? null : findSlice(codePoint, packages);
      if (!found) continue;
      for (const weight of [400, 600, 800] as const) {
        const key = keyOf(found.name, found.slice, weight);
        if (loaded.has(key) || needed.has(key)) continue;
        const work = loading.get(key) ?? loadSlice(found.name, found.slice, weight).finally(() => loading.delete(key));
        loading.set(key, work);
        needed.set(key, work);
      }
    }
  }
  await Promise.all(needed.values());
}

/** The face that draws a character of this text; null when none does, or it is not loaded. */
export function faceFor(character: string, text: string, weight: FontWeight): Face | null {
  const codePoint = character.codePointAt(0) ?? 0;
  const house = readHouseFace(codePoint, weight);
  if (house) return house;
  const found = findSlice(codePoint, packagesFor(text));
  const face = found && loaded.get(keyOf(found.name, found.slice, weight));
  return face?.font.hasGlyphForCodePoint(codePoint) ? face : null;
}
