/**
 * Text on a PDF page. The face comes in three files by script, so a line is written as runs of them; what the face
 * cannot draw is written in Latin letters or left out, as on posters.
 */
import { makeDrawable } from '../posters/make-drawable.ts';
import { FONT_SUBSETS, type FontWeight, readFontFile, splitRuns } from '../posters/read-fonts.ts';

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

const fontName = (weight: FontWeight, subset: string): string => `bricolage-${weight}-${subset}`;

/** Makes our face known to a document. Call once, before any text. */
export function registerFonts(pdf: Pdf): void {
  for (const weight of [400, 600, 800] as const) {
    for (const subset of FONT_SUBSETS) pdf.registerFont(fontName(weight, subset), readFontFile(weight, subset));
  }
}

/** Width in points of one line. */
export function lineWidth(pdf: Pdf, text: string, { size, weight = 400, squeeze = 1 }: LineStyle): number {
  let width = 0;
  for (const run of splitRuns(text, weight)) {
    width += pdf.font(fontName(weight, run.subset)).fontSize(size).widthOfString(run.text);
  }
  return width * squeeze;
}

/** Writes one line whose baseline is `y`. */
export function writeLine(pdf: Pdf, text: string, x: number, y: number, style: LineStyle): void {
  const { size, weight = 400, color = '#0B0B12', squeeze = 1 } = style;
  pdf.save().translate(x, y).scale(squeeze, 1).fillColor(color);
  let at = 0;
  for (const run of splitRuns(text, weight)) {
    pdf.font(fontName(weight, run.subset)).fontSize(size);
    pdf.text(run.text, at, 0, { lineBreak: false, baseline: 'alphabetic' });
    at += pdf.widthOfString(run.text);
  }
  pdf.restore();
}

const cutWord = (pdf: Pdf, word: string, style: BlockStyle): string[] => {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && lineWidth(pdf, piece + character, style) > style.width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return piece === '' ? pieces : [...pieces, piece];
};

/** Breaks a text into lines that fit; the last allowed line ends in an ellipsis when there is more. */
export function breakLines(pdf: Pdf, text: string, style: BlockStyle): string[] {
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
  let last = `${lines[linesMax - 1] ?? ''}…`;
  while (last.length > 1 && lineWidth(pdf, last, style) > style.width) last = `${last.slice(0, -2).trimEnd()}…`;
  return [...lines.slice(0, linesMax - 1), last];
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
