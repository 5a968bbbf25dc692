/**
 * Our face knows Latin scripts and Vietnamese. A title in another script must still give a poster that somebody
 * would hang up, and a ticket that names its holder.
 */
import slugify from '@sindresorhus/slugify';
import { subsetFor } from './read-fonts.ts';

const isDrawable = (character: string): boolean => {
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint >= 32 && subsetFor(codePoint) !== null;
};

/** Typographic characters that the face lacks, and what a printer would set in their place. */
const stand = new Map([
  ['‐', '-'],
  ['‑', '-'],
  ['‒', '–'],
  ['―', '—'],
  ['‛', '’'],
  ['ʼ', '’'],
  ['№', 'No'],
  ['→', '–'],
]);

const transliterate = (word: string): string =>
  slugify(word, { separator: ' ', lowercase: false, decamelize: false, preserveCharacters: ['-', "'"] });

/**
 * Turns any text into one line that the face can draw. A character stays as it is if we have it; else it loses its
 * marks, or its word is written in Latin letters (Cyrillic, Greek, Arabic, Georgian …); what is left over (Han,
 * Kana, Hangul, pictures) is dropped.
 * @returns the line, trimmed; empty when nothing of the text can be drawn.
 */
export function makeDrawable(text: string): string {
  const words = text
    .normalize('NFC')
    .split(/[\s\p{Cc}\p{Cf}]+/u)
    .map((word) => {
      const characters = [...word].map((character) => {
        const standIn = stand.get(character) ?? character;
        if ([...standIn].every(isDrawable)) return standIn;
        const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
        return bare !== '' && [...bare].every(isDrawable) ? bare : null;
      });
      if (characters.every((character) => character !== null)) return characters.join('');
      const drawn = /\p{L}/u.test(word) ? transliterate(word.replace(/\p{Extended_Pictographic}|\p{M}/gu, '')) : '';
      return drawn !== '' ? drawn : characters.join('');
    });
  return words
    .filter((word) => /\S/.test(word))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
