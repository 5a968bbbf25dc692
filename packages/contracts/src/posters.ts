/**
 * What a poster is made of. Every event has one, drawn from four facts; the words on it come from the event.
 * Safe in the browser: the organizer's picker and the event page's colours read the same twelve sets.
 */
import * as z from 'zod/mini';
import { PALETTE_NAMES, PALETTES, type PaletteName } from './palettes.ts';

export * from './palettes.ts';

export const MOTIFS = [
  'rays',
  'rings',
  'dots',
  'waves',
  'blocks',
  'petals',
  'bars',
  'moon',
  'steps',
  'letter',
] as const;
export type Motif = (typeof MOTIFS)[number];

/** Where the art stands: above the title, below it, or full behind a plate that carries the title. */
export const LAYOUTS = ['foot', 'head', 'bleed'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Width / height in the units of the drawing; covers and posters are all 4:5. */
export const POSTER_WIDTH = 1080;
export const POSTER_HEIGHT = 1350;

export const PosterSpec = z.object({
  palette: z.enum(PALETTE_NAMES),
  motif: z.enum(MOTIFS),
  layout: z.enum(LAYOUTS),
  /** Unsigned 32 bits: `posterSeed(eventId)`, plus one for every shuffle. */
  seed: z.int().check(z.minimum(0), z.maximum(0xffffffff)),
});
export type PosterSpec = z.infer<typeof PosterSpec>;

/** The event page's four colours as CSS custom properties, for a `style` attribute. */
export function eventColors(palette: PaletteName): Record<'--ev-paper' | '--ev-ink' | '--ev-a' | '--ev-b', string> {
  const { paper, ink, a, b } = PALETTES[palette];
  return { '--ev-paper': paper, '--ev-ink': ink, '--ev-a': a, '--ev-b': b };
}
