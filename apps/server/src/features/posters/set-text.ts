/**
 * Typesetting with outlines. All lengths are units of the poster (1080 wide); nothing here knows a layout.
 */
import type { Font, Glyph } from 'fontkit';
import { keepDirection, layOutLine } from './lay-out-line.ts';
import type { FontWeight } from './read-fonts.ts';

/** Words on posters are set at 82 % of their natural width. */
export const TITLE_SQUEEZE = 0.82;

/** Height of a capital as a share of the size, the same in every weight. */
export const CAP_HEIGHT = 0.66;

export interface TextStyle {
  weight: FontWeight;
  size: number;
  /** Width as a share of the natural width. */
  squeeze?: number;
  /** Extra space after each letter, in units of the poster. */
  tracking?: number;
}

interface Placed {
  glyph: Glyph;
  font: Font;
  /** From the line's left edge and its baseline, at size 1. */
  x: number;
  y: number;
}

const placeGlyphs = (text: string, weight: FontWeight, trackingEm: number): { placed: Placed[]; widthEm: number } => {
  const placed: Placed[] = [];
  let x = 0;
  for (const { face, text: run } of layOutLine(text, weight)) {
    const { font } = face;
    const { glyphs, positions } = font.layout(run);
    glyphs.forEach((glyph, index) => {
      const { xAdvance = glyph.advanceWidth, xOffset = 0, yOffset = 0 } = positions[index] ?? {};
      placed.push({ glyph, font, x: x + xOffset / font.unitsPerEm, y: yOffset / font.unitsPerEm });
      // Marks stand on their letter: no gap before them. Scripts whose letters join have none at all.
      x += xAdvance / font.unitsPerEm + (xAdvance === 0 || JOINED.test(run) ? 0 : trackingEm);
    });
  }
  return { placed, widthEm: Math.max(0, x - trackingEm) };
};

const JOINED = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}]/u;

const widths = new Map<string, number>();

/** Natural width of a text at size 1, before any squeeze. Remembered: wrapping asks for the same words many times. */
export function measureEm(text: string, weight: FontWeight): number {
  const key = `${weight} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    width = placeGlyphs(text, weight, 0).widthEm;
    if (widths.size > 5000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** Width of a line as it will be drawn. */
export function measureText(text: string, { weight, size, squeeze = 1, tracking = 0 }: TextStyle): number {
  if (tracking === 0) return measureEm(text, weight) * size * squeeze;
  return placeGlyphs(text, weight, tracking / (size * squeeze)).widthEm * size * squeeze;
}

/** How far a line reaches above and below its baseline, as shares of the size (accents, tails, commas). */
export function measureReach(text: string, weight: FontWeight): { above: number; below: number } {
  let above = 0;
  let below = 0;
  for (const { glyph, font, y } of placeGlyphs(text, weight, 0).placed) {
    above = Math.max(above, glyph.bbox.maxY / font.unitsPerEm + y);
    below = Math.max(below, -glyph.bbox.minY / font.unitsPerEm - y);
  }
  return { above, below };
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

const letter = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', bezierCurveTo: 'C', closePath: 'Z' } as const;

/** Path data of one glyph, scaled and moved; y grows downwards as in SVG. */
export function outlineGlyph(glyph: Glyph, x: number, y: number, scaleX: number, scaleY: number): string {
  let data = '';
  for (const { command, args } of glyph.path.commands) {
    data += letter[command];
    for (let index = 0; index < args.length; index += 2) {
      const separator = index === 0 ? '' : ' ';
      data += `${separator}${round(x + (args[index] ?? 0) * scaleX)} ${round(y - (args[index + 1] ?? 0) * scaleY)}`;
    }
  }
  return data;
}

/** One line of text as a single `<path>` whose left edge is `x` and whose baseline is `y`. */
export function setText(text: string, x: number, y: number, fill: string, style: TextStyle): string {
  const { weight, size, squeeze = 1, tracking = 0 } = style;
  const { placed } = placeGlyphs(text, weight, tracking / (size * squeeze));
  const data = placed
    .map(({ glyph, font, x: offset, y: raise }) => {
      const left = x + offset * size * squeeze;
      return outlineGlyph(glyph, left, y - raise * size, (size * squeeze) / font.unitsPerEm, size / font.unitsPerEm);
    })
    .join('');
  return data === '' ? '' : `<path d="${data}" fill="${fill}"/>`;
}

export interface SetTitle {
  lines: string[];
  size: number;
  /** Baselines below the top of the first line's capitals, one per line. */
  baselines: number[];
  /** From the top of the first line's capitals (or accents) to the last baseline, or to the tails below it. */
  height: number;
}

/** Longer than any word of a living language; what is longer is a string without spaces. */
const LONGEST_WORD = 40;

interface Word {
  text: string;
  /** A space stands before it, unless it begins a line. */
  spaced: boolean;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const segments = new Intl.Segmenter('en', { granularity: 'word' });
/** Scripts that write their words without spaces between: a line may end after each of them. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Where a run without spaces may be broken: between its words, but never before a closing mark. */
const cutUnspaced = (run: string): string[] => {
  const pieces: string[] = [];
  for (const { segment, isWordLike } of segments.segment(run)) {
    if (pieces.length > 0 && !isWordLike) pieces[pieces.length - 1] += segment;
    else pieces.push(segment);
  }
  return pieces;
};

const cutLong = (word: string): string[] => {
  const letters = [...graphemes.segment(word)].map(({ segment }) => segment);
  if (letters.length <= LONGEST_WORD) return [word];
  const pieces = Math.ceil(letters.length / LONGEST_WORD);
  const each = Math.ceil(letters.length / pieces);
  return Array.from({ length: pieces }, (_, index) => letters.slice(index * each, (index + 1) * each).join(''));
};

const splitWords = (title: string): Word[] =>
  title
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word) => {
      if (UNSPACED.test(word)) return cutUnspaced(word).map((text, index) => ({ text, spaced: index === 0 }));
      return cutLong(word).map((text) => ({ text, spaced: true }));
    });

const joinWords = (words: readonly Word[]): string =>
  words.map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text)).join('');

const stackLines = (lines: string[], size: number): { baselines: number[]; height: number } => {
  const reaches = lines.map((line) => measureReach(line, 800));
  // Tails above (Q, comma) or accents below need room that plain capitals do not; one leading for the whole block.
  const leading = reaches
    .slice(1)
    .reduce((most, { above }, index) => Math.max(most, (reaches[index]?.below ?? 0) + above + 0.05), 0.84);
  const first = Math.max(CAP_HEIGHT, reaches[0]?.above ?? 0);
  const baselines = lines.map((_, index) => (first + leading * index) * size);
  const tail = Math.max(0, (reaches.at(-1)?.below ?? 0) - 0.04) * size;
  return { baselines, height: (baselines.at(-1) ?? 0) + tail };
};

/**
 * Breaks a title into lines by trying every break and keeping the best-filled block.
 * Score: `size × lines^.35 × (.6 + .4 × mean line fill)`. Up to four lines; a title that would come out small may
 * take up to six. A word longer than a line is made to fit by size.
 * @param title already upper case and drawable
 */
export function setTitle(title: string, maxWidth: number, maxHeight: number, maxSize = 250): SetTitle {
  const words = splitWords(title).slice(0, 40);
  if (words.length === 0) return { lines: [], size: 0, baselines: [], height: 0 };
  const space = measureEm('A A', 800) - 2 * measureEm('A', 800);
  // Where each word begins and ends on one endless line.
  const begins: number[] = [];
  const ends: number[] = [];
  for (const { text, spaced } of words) {
    const from = (ends.at(-1) ?? 0) + (spaced && ends.length > 0 ? space : 0);
    begins.push(from);
    ends.push(from + measureEm(text, 800));
  }
  const lineWidth = (from: number, to: number): number => ((ends[to - 1] ?? 0) - (begins[from] ?? 0)) * TITLE_SQUEEZE;

  let best = { score: -1, breaks: [] as number[], size: 0 };
  const consider = (breaks: number[]): void => {
    const spans = breaks.map((from, index) => lineWidth(from, breaks[index + 1] ?? words.length));
    const count = spans.length;
    const size = Math.min(maxWidth / Math.max(...spans), maxHeight / (CAP_HEIGHT + 0.84 * (count - 1)), maxSize);
    const fill = spans.reduce((sum, span) => sum + (span * size) / maxWidth, 0) / count;
    const score = size * count ** 0.35 * (0.6 + 0.4 * fill);
    if (score > best.score) best = { score, breaks: [...breaks], size };
  };
  const tryBreaks = (breaks: number[], left: number): void => {
    if (left === 0) {
      consider(breaks);
      return;
    }
    for (let at = (breaks.at(-1) ?? 0) + 1; at <= words.length - left; at++) tryBreaks([...breaks, at], left - 1);
  };
  for (let count = 1; count <= Math.min(4, words.length); count++) tryBreaks([0], count - 1);
  if (best.size < 84) {
    for (const count of [5, 6]) {
      if (count > words.length) break;
      // Every break of a very long title into six lines is too many to try: fill the lines evenly instead.
      const target = lineWidth(0, words.length) / count;
      const breaks = [0];
      for (let at = 1; at < words.length && breaks.length < count; at++) {
        if (lineWidth(breaks.at(-1) ?? 0, at + 1) > target * 1.04) breaks.push(at);
      }
      consider(breaks);
    }
  }

  const broken = best.breaks.map((from, index) => joinWords(words.slice(from, best.breaks[index + 1] ?? words.length)));
  const lines = keepDirection(title, broken);
  // Kerning across a space can make a line a hair wider than the sum of its words.
  const widest = Math.max(...lines.map((line) => measureEm(line, 800) * TITLE_SQUEEZE));
  let size = Math.min(best.size, maxWidth / widest);
  let stack = stackLines(lines, size);
  if (stack.height > maxHeight) {
    size *= maxHeight / stack.height;
    stack = stackLines(lines, size);
  }
  return { lines, size, ...stack };
}
