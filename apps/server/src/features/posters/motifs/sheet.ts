/** Motifs that fill the sheet: blocks and the letter. */
import { layOutLine } from '../lay-out-line.ts';
import { outlineGlyph } from '../set-text.ts';
import { type DrawMotif, FIELD_WIDTH, rectangle, short } from './field.ts';
import { drawRings } from './round.ts';

/** Blocks are cut in cells of this size; a layout that can gives them whole rows. */
export const BLOCK = FIELD_WIDTH / 4;

const shuffle = <T>(items: T[], random: () => number): T[] => {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [items[index], items[other]] = [items[other] as T, items[index] as T];
  }
  return items;
};

const drawShape = (shape: number, x: number, y: number, fill: string): string => {
  const u = BLOCK;
  const path = (data: string): string => `<path d="${data}" fill="${fill}"/>`;
  switch (shape) {
    case 0:
      return `<circle cx="${short(x + u / 2)}" cy="${short(y + u / 2)}" r="${u / 2}" fill="${fill}"/>`;
    case 1:
      return path(`M${x} ${y}h${u}a${u} ${u} 0 0 1 ${-u} ${u}z`);
    case 2:
      return path(`M${x} ${y + u}v${-u}a${u} ${u} 0 0 1 ${u} ${u}z`);
    case 3:
      return path(`M${x} ${y}h${u}l${-u} ${u}z`);
    case 4:
      return `<circle cx="${short(x + u / 2)}" cy="${short(y + u / 2)}" r="${short(u * 0.36)}" fill="none" stroke="${fill}" stroke-width="${short(u * 0.2)}"/>`;
    case 5:
      return (
        path(`M${x} ${y}a${u / 2} ${u / 2} 0 0 0 ${u} 0z`) + path(`M${x} ${y + u / 2}a${u / 2} ${u / 2} 0 0 0 ${u} 0z`)
      );
    default:
      return path(`M${x + u} ${y + u}v${-u}l${-u} ${u}z`);
  }
};

export const drawBlocks: DrawMotif = ({ random, colors, height }) => {
  const columns = 4;
  const rows = Math.ceil(height / BLOCK - 0.01);
  const cells = columns * rows;
  // One deck for shapes and one for colours: a sheet never comes out as one shape or one colour by bad luck.
  const shapes = shuffle(
    Array.from({ length: cells }, (_, index) => index % 7),
    random,
  );
  const inks = shuffle(
    Array.from({ length: cells }, (_, index) => [colors.a, colors.ink, colors.a, colors.b][index % 4] as string),
    random,
  );
  const grounds = shuffle(
    Array.from(
      { length: cells },
      (_, index) => [colors.paper, colors.paper, colors.a, colors.paper, colors.ink][index % 5] as string,
    ),
    random,
  );
  let under = '';
  let over = '';
  for (let cell = 0; cell < cells; cell++) {
    const x = (cell % columns) * BLOCK;
    const y = height - (Math.floor(cell / columns) + 1) * BLOCK;
    const fill = inks[cell] ?? colors.a;
    const ground = grounds[cell] ?? colors.paper;
    if (ground !== colors.paper && ground !== fill) under += rectangle(x, y, BLOCK, BLOCK, ground);
    over += drawShape(shapes[cell] ?? 0, x, y, fill);
  }
  return under + over;
};

/** Letters that are told apart by their foot: these keep it, and run off the upper edge instead. */
const FOOTED = 'UJLPQVY';

/** The first letter as a building: cut at its foot by the title or the sheet's edge, and still read at a glance. */
export const drawLetter: DrawMotif = (field) => {
  const { colors, height, initial, zoom } = field;
  const run = layOutLine(initial, 800)[0];
  const glyph = run?.face.font.layout(run.text).glyphs[0];
  if (!glyph || glyph.bbox.maxX <= glyph.bbox.minX) return drawRings(field);
  const shadow = 34;
  const natural = glyph.bbox.maxY - glyph.bbox.minY;
  const tall = Math.min(1250, height * 1.16) * (zoom > 1 ? 1.04 : 1);
  const scaleY = tall / natural;
  const breadth = glyph.bbox.maxX - glyph.bbox.minX;
  // As broad as the sheet allows without looking stretched; a narrow letter (I, J) at least a third of it.
  const scaleX = Math.min(Math.max(scaleY * 1.12, 360 / breadth), 940 / breadth);
  const x = (FIELD_WIDTH - shadow - breadth * scaleX) / 2 - glyph.bbox.minX * scaleX;
  const y = FOOTED.includes(initial) ? height - 64 - shadow + glyph.bbox.minY * scaleY : 64 + glyph.bbox.maxY * scaleY;
  const path = (shift: number, fill: string): string =>
    `<path d="${outlineGlyph(glyph, x + shift, y + shift, scaleX, scaleY)}" fill="${fill}"/>`;
  return path(shadow, colors.b) + path(0, colors.a);
};
