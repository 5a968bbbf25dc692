import fc from 'fast-check';
import { describe, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import { cleanText } from './posts.rules.ts';

const same = (text: string) => ({ typed: text, kept: text });
const gone = (text: string) => ({ typed: text, kept: '' });
const word = fc.stringMatching(/^[a-zA-Zäöü0-9.,!?&"'#:/ ]{0,12}$/);
const tagWord = fc.stringMatching(/^[a-z ="':;0-9]{0,12}$/);
/** What a post is made of, and what is kept of it. */
const piece = fc.oneof(
  word.map(same),
  fc
    .constantFrom(' <3 ', ' 1 < 2 ', ' a > b ', ' -> ', ' << 5 ', 'one\n\ntwo', 'https://example.test/a?b=1&c=2')
    .map(same),
  fc.tuple(fc.constantFrom('b', 'a', 'img', 'SVG', 'h1'), tagWord).map(([name, rest]) => gone(`<${name} ${rest}>`)),
  fc.constantFrom('</b>', '</A >', '<br/>', '<!-->', '<!--->').map(gone),
  word.map((inside) => gone(`<!-- ${inside} <b> > ${inside}-->`)),
  fc
    .tuple(fc.constantFrom('script', 'STYLE'), word)
    .map(([name, inside]) => gone(`<${name}>${inside} < ${inside}</${name} >`)),
);
/** 4,000 characters that a reader of markup may have to read again and again. */
const HOSTILE = [
  `${'<'.repeat(600)}<b>${'b>'.repeat(600)}${'<!--'.repeat(550)}`,
  '<a '.repeat(1333),
  '<script>'.repeat(500),
  '</script '.repeat(444),
  `${'<b'.repeat(1333)}${'>'.repeat(1333)}`,
  '<'.repeat(4000),
  `${' '.repeat(3999)}x`,
];

describe('the text of a post', () => {
  it('loses its markup and nothing else', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const typed = pieces.map((each) => `.${each.typed}.`).join('');
        const kept = pieces.map((each) => `.${each.kept}.`).join('');
        expect(cleanText(typed)).toBe(kept.replace(/ +\n/g, '\n').trim());
      }),
    );
  });

  it('opens nothing, and is the same when it is cleaned again', () => {
    const letters = fc.constantFrom('<', '<', '>', '/', '!', '-', '--', 'b', 'script', ' ', '\n', '3', '?', '\u0338');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), (given) => {
        const kept = cleanText(given.join(''));
        expect(kept).not.toMatch(/<[a-z/!?]/i);
        expect(cleanText(kept)).toBe(kept);
      }),
      { numRuns: 1000 },
    );
    expect(cleanText('<<b')).toBe('b');
  });

  it.each(HOSTILE)('is read in a fixed number of passes, whatever it is made of: %#', (typed) => {
    const passes = vi.spyOn(RegExp.prototype, Symbol.replace as never) as unknown as MockInstance;
    onTestFinished(() => passes.mockRestore());
    cleanText(typed);
    expect(passes.mock.calls.length).toBeLessThan(8);
  });

  it('could be a hundred times as long', () => {
    for (const typed of HOSTILE) expect(cleanText(typed.repeat(100)).length).toBeLessThanOrEqual(typed.length * 100);
  });
});
