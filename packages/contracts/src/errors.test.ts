import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode, waitWords, wordsFor } from './errors.ts';

const CODES = Object.entries(ERRORS) as [ErrorCode, { status: number; words: string }][];

// What the product never says: it blames nobody, cheers at nobody, and has one word for each thing.
const NEVER: [string, RegExp][] = [
  ['oops', /\b(oops|whoops|uh[- ]oh|sorry)\b/i],
  ['please try again', /please try again|try again later|something went wrong/i],
  ['an exclamation mark', /!/],
  ['success', /\bsuccess(ful|fully)?\b/i],
  ['another word for a checkout', /\b(cart|basket|booking|book(ed)?|reservation|reserved?)\b/i],
  ['technical words', /\b(error|invalid|null|undefined|server|database|exception|failed)\b/i],
  ['emoji or arrows', /\p{Extended_Pictographic}|[\u2190-\u21ff]/u],
];

describe.each(CODES)('%s', (code, { status, words }) => {
  it('is named NOUN_STATE and answers with a status of its kind', () => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect([400, 401, 402, 403, 404, 405, 409, 410, 413, 414, 415, 429, 500, 503]).toContain(status);
  });

  it('speaks in short whole sentences, in the voice of the house', () => {
    // One sentence is the reason itself, which only the details know.
    expect(words).toMatch(/^(\{words\}|[A-Z{].*\.)$/);
    expect(words.length).toBeLessThanOrEqual(110);
    for (const [what, pattern] of NEVER) expect([what, pattern.exec(words)?.[0]]).toEqual([what, undefined]);
  });
});

describe('words with figures in them', () => {
  it('are filled from the details, and what is missing stays visible instead of becoming "undefined"', () => {
    expect(wordsFor('TIER_NOT_ENOUGH', { free: 3 })).toBe('Only 3 left. Take fewer, or another kind of ticket.');
    expect(wordsFor('PERSON_LIMIT', { max: 6 })).toContain('{have}');
    for (const [code] of CODES) expect(wordsFor(code)).not.toMatch(/undefined|null/);
  });

  it.each([
    [1, '1 second'],
    [59.2, '60 seconds'],
    [60, '1 minute'],
    [61, '2 minutes'],
    [5400, '90 minutes'],
    [5401, '2 hours'],
  ])('say a wait of %d seconds as one does: %s', (seconds, words) => expect(waitWords(seconds)).toBe(words));

  it('that say money was taken or not do so for every refusal around payment', () => {
    for (const code of [
      'PAYMENT_UNAVAILABLE',
      'PAYMENT_DECLINED',
      'HOLD_TOO_LATE_TO_PAY',
      'ORDER_NOT_PENDING',
      'INTERNAL',
    ] as const)
      expect(wordsFor(code)).toMatch(/nothing was charged/i);
  });
});
