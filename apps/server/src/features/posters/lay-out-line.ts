/**
 * A line of any script as runs of one face each, from left to right as they are drawn. The one place where the direction of
 * letters and the choice of faces are decided, for posters, share images, tickets and receipts alike.
 */
import createBidi from 'bidi-js';
import { faceFor } from './load-faces.ts';
import type { Face, FontWeight } from './read-fonts.ts';

export interface Run {
  face: Face;
  /** For fontkit, which shapes it and turns letters of right-to-left scripts round by itself. */
  text: string;
}

const bidi = createBidi();
const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const RTL_MARK = '\u200f';
/** Marks and joiners are shaped with the letter before them. */
const CLINGS = /[\p{M}\u200c\u200d]/u;

/**
 * Lines that a text was broken into, each told the direction of the whole: "2027:" in a Hebrew title has its colon on the left. The
 * mark that says so has no picture.
 */
export function keepDirection(text: string, lines: readonly string[]): string[] {
  const first = /\p{L}/u.exec(text)?.[0];
  return first && RTL_LETTER.test(first) ? lines.map((line) => `${RTL_MARK}${line}`) : [...lines];
}

interface Item extends Run {
  level: number;
}

/** Order of drawing: every stretch of a level and those above is turned round, from the highest level down (UAX 9, L2). */
function reorder(items: readonly Item[]): Item[] {
  const ordered = [...items];
  for (let level = Math.max(0, ...items.map((item) => item.level)); level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from;
      while (to < ordered.length && (ordered[to] as Item).level >= level) to++;
      if (to > from) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      from = to;
    }
  }
  return ordered;
}

/** What stands in a right-to-left stretch without being a letter of it, such as brackets and full stops. */
const turnRound = (text: string): string =>
  [...text]
    .reverse()
    .map((character) => bidi.getMirroredCharacter(character) ?? character)
    .join('');

/** Cuts a line into runs. Characters that no face has are left out. */
export function layOutLine(line: string, weight: FontWeight): Run[] {
  const text = line.normalize('NFC');
  const levels = RTL_LETTER.test(text) || text.startsWith(RTL_MARK) ? bidi.getEmbeddingLevels(text).levels : null;
  const items: Item[] = [];
  let at = 0;
  for (const character of text) {
    const level = levels?.[at] ?? 0;
    at += character.length;
    const last = items.at(-1);
    if (last && CLINGS.test(character) && last.face.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) {
      last.text += character;
      continue;
    }
    const face = faceFor(character, text, weight);
    if (!face) continue;
    if (last?.face === face && last.level === level) last.text += character;
    else items.push({ face, text: character, level });
  }
  return reorder(items).map(({ face, text: run, level }) => ({
    face,
    text: level % 2 === 1 && !RTL_LETTER.test(run) ? turnRound(run) : run,
  }));
}
