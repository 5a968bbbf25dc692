/**
 * The house's face knows Latin and Vietnamese, Noto nearly all other scripts of today. What neither has must still give a poster
 * that somebody would hang up, and a ticket that names its holder.
 */
import slugify from '@sindresorhus/slugify';
import { hasFace } from './load-faces.ts';
import { readHouseFace } from './read-fonts.ts';

const isDrawable = (character: string): boolean => {
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint >= 32 && hasFace(codePoint);
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

/** Joins letters of Persian and of Indian scripts; with nothing to join, as in a broken-up picture, it goes. */
const LOOSE_JOINER = /(?<![\p{L}\p{M}])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}])/gu;
const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\ufe0e\ufe0f\u20e3]/gu;

const inHouse = (text: string): boolean =>
  [...text].every((character) => readHouseFace(character.codePointAt(0) ?? 0, 600) !== null);

const drawWord = (word: string): string => {
  const characters = [...word].map((character) => {
    // Ligatures, circled figures, wide letters: what they stand for, where the house's face has it.
    const plain = character.normalize('NFKC');
    const standIn = stand.get(character) ?? (!inHouse(character) && inHouse(plain) ? plain : character);
    if (character === '\u200c' || character === '\u200d' || [...standIn].every(isDrawable)) return standIn;
    const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
    return bare !== '' && [...bare].every(isDrawable) ? bare : null;
  });
  if (characters.every((character) => character !== null)) return characters.join('');
  const drawn = /\p{L}/u.test(word) ? transliterate(word.replace(/\p{M}/gu, '')) : '';
  return drawn !== '' ? drawn : characters.join('');
};

/**
 * Turns any text into one line that our faces can draw. A character stays as it is if we have it; pictures go; what is left over
 * loses its marks, or its word is written in Latin letters (scripts of long ago), or it is dropped.
 * @returns the line, trimmed; empty when nothing of the text can be drawn.
 */
export function makeDrawable(text: string): string {
  const kept = text.normalize('NFC').replace(/(?![\u200c\u200d])\p{Cf}/gu, ' ');
  // A sign such as © is a picture to Unicode and a letter to our face.
  const words = kept.replace(PICTURE, (sign) => (inHouse(sign) ? sign : ''));
  return words
    .replace(LOOSE_JOINER, '')
    .split(/[\s\p{Cc}]+/u)
    .map(drawWord)
    .filter((word) => /\S/.test(word))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
