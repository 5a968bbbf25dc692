/**
 * Text on a PDF page, in any script: a line is written as the runs of `layOutLine`, each in the file of its face, so that readers can
 * select and search it. What no face can draw is written in Latin letters or left out, as on posters.
 */
import { keepDirection, layOutLine } from '../posters/lay-out-line.ts';
import { makeDrawable } from '../posters/make-drawable.ts';
import { type Face, type FontWeight, readCodeFace } from '../posters/read-fonts.ts';

export type Pdf = PDFKit.PDFDocument;

export interface LineStyle {
  size: number;
  weight?: FontWeight;
  color?: string;
  /** Width as a share of the natural width. */
  squeeze?: number;
}

export interface BlockStyle extends LineStyle {
  /** Points. */
  width: number;
  /** Line height as a share of the size. */
  leading?: number;
  linesMax?: number;
  align?: 'left' | 'right';
}

const known = new WeakMap<Pdf, Set<string>>();

/** Chooses a face; its file goes into the document with the first use. */
function useFace(pdf: Pdf, { key, file }: Face): Pdf {
  const keys = known.get(pdf) ?? new Set();
  known.set(pdf, keys);
  if (!keys.has(key)) pdf.registerFont(key, file);
  keys.add(key);
  return pdf.font(key);
}

/** Width in points of one line. */
export function lineWidth(pdf: Pdf, text: string, { size, weight = 400, squeeze = 1 }: LineStyle): number {
  let width = 0;
  for (const run of layOutLine(text, weight)) width += useFace(pdf, run.face).fontSize(size).widthOfString(run.text);
  return width * squeeze;
}

const PLAIN = /^[\p{Script=Latin}\p{Script=Common}]*$/u;

/**
 * Tells a document the letter of each glyph before a word is shaped: pdfkit keeps what it hears first, and a vowel that came from
 * the taking apart of another would have no letter for those who select or search.
 */
function nameGlyphs(pdf: Pdf, text: string): void {
  if (PLAIN.test(text)) return;
  const { _font } = pdf as unknown as { _font: { encode(text: string): unknown } };
  for (const character of text) _font.encode(character);
}

/** Writes one line whose baseline is `y`. */
export function writeLine(pdf: Pdf, text: string, x: number, y: number, style: LineStyle): void {
  const { size, weight = 400, color = '#0B0B12', squeeze = 1 } = style;
  pdf.save().translate(x, y).scale(squeeze, 1).fillColor(color);
  let at = 0;
  for (const run of layOutLine(text, weight)) {
    useFace(pdf, run.face).fontSize(size);
    nameGlyphs(pdf, run.text);
    pdf.text(run.text, at, 0, { lineBreak: false, baseline: 'alphabetic' });
    at += pdf.widthOfString(run.text);
  }
  pdf.restore();
}

/** Writes a code that people read out, its middle at `x` and its baseline at `y`. */
export function writeCode(pdf: Pdf, code: string, x: number, y: number, size: number, color: string): void {
  useFace(pdf, readCodeFace()).fontSize(size).fillColor(color);
  pdf.text(code, x - pdf.widthOfString(code) / 2, y, { lineBreak: false, baseline: 'alphabetic' });
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const cutWord = (pdf: Pdf, word: string, style: BlockStyle): string[] => {
  if (lineWidth(pdf, word, style) <= style.width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && lineWidth(pdf, piece + segment, style) > style.width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return piece === '' ? pieces : [...pieces, piece];
};

/** Breaks a text into lines that fit; the last allowed line ends in an ellipsis when there is more. */
export function breakLines(pdf: Pdf, text: string, style: BlockStyle): string[] {
  return keepDirection(text, fitLines(pdf, text, style));
}

function fitLines(pdf: Pdf, text: string, style: BlockStyle): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of makeDrawable(text)
    .split(' ')
    .flatMap((each) => cutWord(pdf, each, style))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && lineWidth(pdf, longer, style) > style.width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  const { linesMax } = style;
  if (linesMax === undefined || lines.length <= linesMax) return lines;
  let last = [...graphemes.segment(lines[linesMax - 1] ?? '')].map(({ segment }) => segment);
  while (last.length > 0 && lineWidth(pdf, `${last.join('')}…`, style) > style.width) last = last.slice(0, -1);
  return [...lines.slice(0, linesMax - 1), `${last.join('').trimEnd()}…`];
}

/** Writes a block from the top `y`. @returns the `y` below its last line. */
export function writeBlock(pdf: Pdf, text: string, x: number, y: number, style: BlockStyle): number {
  const { size, leading = 1.35, align = 'left', width } = style;
  const lines = breakLines(pdf, text, style);
  lines.forEach((line, index) => {
    const left = align === 'right' ? x + width - lineWidth(pdf, line, style) : x;
    writeLine(pdf, line, left, y + size * 0.8 + index * size * leading, style);
  });
  return y + lines.length * size * leading;
}
