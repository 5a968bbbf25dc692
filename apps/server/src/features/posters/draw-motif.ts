import type { Motif } from '@liventix/contracts/posters';
import { type DrawMotif, FIELD_WIDTH, type Field, short } from './motifs/field.ts';
import { drawBars, drawMoon, drawSteps, drawWaves } from './motifs/ground.ts';
import { drawDots, drawPetals, drawRays, drawRings } from './motifs/round.ts';
import { drawBlocks, drawLetter } from './motifs/sheet.ts';

const motifs: Record<Motif, DrawMotif> = {
  rays: drawRays,
  rings: drawRings,
  dots: drawDots,
  waves: drawWaves,
  blocks: drawBlocks,
  petals: drawPetals,
  bars: drawBars,
  moon: drawMoon,
  steps: drawSteps,
  letter: drawLetter,
};

/** The art of a poster: a clipped `<svg>` 1080 wide whose upper edge lies at `y`. Flat fills only. */
export function drawMotif(motif: Motif, y: number, field: Field): string {
  return `<svg x="0" y="${short(y)}" width="${FIELD_WIDTH}" height="${short(field.height)}" viewBox="0 0 ${FIELD_WIDTH} ${short(
    field.height,
  )}" overflow="hidden">${motifs[motif](field)}</svg>`;
}
