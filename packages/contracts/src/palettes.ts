/** The twelve sets of colours and the seed that picks among them; no schema here, so every page can read them. */

/** Four flat colours. `ink` on `paper` is 7:1 or better in every set; `a` and `b` are shapes, never words. */
export interface PaletteColors {
  readonly paper: string;
  readonly ink: string;
  readonly a: string;
  readonly b: string;
}

export const PALETTES = {
  ember: { paper: '#F3E9DC', ink: '#1B1210', a: '#E4572E', b: '#F2B134' },
  tide: { paper: '#E8EFEA', ink: '#0E1B2A', a: '#1F6F8B', b: '#F26B5E' },
  moss: { paper: '#EEF0DF', ink: '#14201A', a: '#3C7A4B', b: '#E9A23B' },
  plum: { paper: '#F4E8EE', ink: '#1D0F22', a: '#7A2E8E', b: '#FF8A5B' },
  noon: { paper: '#FFF3C9', ink: '#161412', a: '#F25C05', b: '#2A6FDB' },
  midnight: { paper: '#10132B', ink: '#F4F0E6', a: '#F2C14E', b: '#5B6CFF' },
  rust: { paper: '#1E1714', ink: '#F6E9D8', a: '#D9532C', b: '#6FA8A0' },
  mint: { paper: '#DDF3E7', ink: '#10241D', a: '#00856F', b: '#FF6F91' },
  cobalt: { paper: '#1D3FD1', ink: '#F7F3E8', a: '#FFD23F', b: '#0B1240' },
  rose: { paper: '#FBE3E0', ink: '#2A0F14', a: '#D7263D', b: '#1B998B' },
  fog: { paper: '#E9E7E2', ink: '#15161A', a: '#54606E', b: '#FF5A36' },
  acid: { paper: '#E6FF4F', ink: '#12130D', a: '#12130D', b: '#FF4FA3' },
} as const satisfies Record<string, PaletteColors>;

export type PaletteName = keyof typeof PALETTES;
export const PALETTE_NAMES = Object.keys(PALETTES) as [PaletteName, ...PaletteName[]];

/** FNV-1a of any text as an unsigned 32-bit number. The seed of an event's poster is that of its id. */
export function posterSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
