import { describe, expect, it } from 'vitest';
import { plainLine } from './text.ts';

describe('a name that is mailed to strangers', () => {
  const isKept = (words: string) => plainLine(120).safeParse(words).success;

  it.each(['You won. http://evil.example', 'see WWW.evil.example', 'claim at evil.example/now', 'пример.рф/да'])(
    'is no web address: %s',
    (words) => expect(isKept(words)).toBe(false),
  );

  it.each([
    'Mara M. Lind',
    'J.R.R. Tolkien',
    'AC/DC',
    'St. Pauli/Altona',
    'Kultur e.V.',
    'No. 12/3',
    'Dr. Ama B. Owusu-Mensah',
  ])('is a name of people and places: %s', (words) => expect(isKept(words)).toBe(true));
});
