/**
 * The first poster of a new event. Category chooses palette and motif, the seed chooses among them; a shuffle is the
 * next seed, so nobody has to design anything and no two events look the same by rule.
 */
import {
  LAYOUTS,
  type Layout,
  MOTIFS,
  type Motif,
  PALETTE_NAMES,
  type PaletteName,
  type PosterSpec,
  posterSeed,
} from '@liventix/contracts/posters';
import { seedRandom } from './seed-random.ts';

interface Taste {
  words: RegExp;
  palettes: readonly PaletteName[];
  motifs: readonly Motif[];
}

const tastes: readonly Taste[] = [
  {
    words: /club|dance|techno|rave|party|night/i,
    palettes: ['acid', 'midnight', 'plum', 'cobalt'],
    motifs: ['bars', 'dots', 'rays', 'rings'],
  },
  {
    words: /comedy|improv|cabaret|theat|play/i,
    palettes: ['noon', 'rose', 'ember', 'cobalt'],
    motifs: ['letter', 'steps', 'rays', 'blocks'],
  },
  {
    words: /classical|jazz|choir|piano|opera/i,
    palettes: ['fog', 'midnight', 'moss', 'rose'],
    motifs: ['rings', 'waves', 'moon', 'petals'],
  },
  {
    words: /music|concert|gig|band|folk|rock/i,
    palettes: ['plum', 'rust', 'tide', 'rose', 'moss'],
    motifs: ['rings', 'bars', 'waves', 'letter', 'moon'],
  },
  {
    words: /film|cinema|screen|book|read|poetry/i,
    palettes: ['rust', 'midnight', 'fog', 'rose'],
    motifs: ['moon', 'letter', 'blocks', 'waves'],
  },
  {
    words: /talk|tech|conference|meetup|workshop|design|business|science/i,
    palettes: ['fog', 'cobalt', 'mint', 'noon'],
    motifs: ['blocks', 'steps', 'dots', 'letter'],
  },
  {
    words: /food|drink|market|cook|wine|bread|garden/i,
    palettes: ['ember', 'mint', 'rose', 'noon'],
    motifs: ['petals', 'dots', 'rays', 'blocks'],
  },
  {
    words: /sport|run|walk|swim|sea|outdoor|nature/i,
    palettes: ['tide', 'moss', 'cobalt', 'mint'],
    motifs: ['waves', 'steps', 'moon', 'rings'],
  },
  {
    words: /family|kid|child|craft|art|exhibition/i,
    palettes: ['mint', 'noon', 'ember', 'rose'],
    motifs: ['rays', 'petals', 'blocks', 'dots'],
  },
];

/** Motifs with a low horizon stand on the title; under it they would hang from the sheet's edge. */
const LOW_HORIZON: readonly Motif[] = ['moon', 'steps', 'bars'];

const pick = <T>(items: readonly T[], random: () => number): T => items[Math.floor(random() * items.length)] as T;

/**
 * @param category free text of the event, in any case; an unknown one chooses among everything
 * @param shuffle how often the organizer asked for another one; 0 for the first
 */
export function choosePoster({
  eventId,
  category,
  shuffle = 0,
}: {
  eventId: string;
  category?: string | null;
  shuffle?: number;
}): PosterSpec {
  const seed = (posterSeed(eventId) + shuffle) >>> 0;
  const random = seedRandom(seed);
  const taste = category ? tastes.find(({ words }) => words.test(category)) : undefined;
  const palette = pick(taste?.palettes ?? PALETTE_NAMES, random);
  const motif = pick(taste?.motifs ?? MOTIFS, random);
  const layouts: readonly Layout[] = LOW_HORIZON.includes(motif) ? ['foot', 'bleed'] : LAYOUTS;
  return { palette, motif, layout: pick(layouts, random), seed };
}
