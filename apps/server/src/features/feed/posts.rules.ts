/** What text may be kept, and where a page of a feed goes on. Pure. */
import type { FeedSnapshot } from '@liventix/contracts/live';

// Control characters, and marks that turn the direction of text around so that it reads as something else.
const UNSEEN = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const WORDS = /[^<>]+/y;
const TAG_START = /^<\/?[a-z]/i;
const COMMENT_END = /-->/g;
const UNREAD_START = /^<(?:(script)|style)\b/i;
const SCRIPT_END = /<\/script\s*>/gi;
const STYLE_END = /<\/style\s*>/gi;
// Brackets before what they could open; "<3" and "a < b" open nothing.
const OPENINGS = /<+([a-z/!?]?)/gi;

/**
 * Plain text as it is kept and shown: no markup, no unseen characters, at most one empty line in a row. Nothing in the
 * answer can open a tag, wherever it is put. Links stay what they are: text.
 * @returns '' when nothing is left
 */
export function cleanText(typed: string): string {
  const text = typed
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, (each) => (each === '\n' ? '\n' : each === '\t' ? ' ' : ''))
    .normalize('NFC');
  return stripMarkup(text)
    .replace(OPENINGS, (brackets, opened: string) => opened || brackets)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/**
 * Takes out comments, tags, and what scripts and styles hold, in one pass: each character is read a few times, whatever
 * comes. A tag begins at the youngest open bracket; taking it out may close the gap of the one around it.
 */
function stripMarkup(text: string): string {
  const kept: string[] = [];
  let open: number[] = []; // brackets in `kept` that may begin a tag
  let at = 0;
  const missing = new Set<RegExp>(); // ends that do not come any more
  const skipTo = (end: RegExp, from: number): boolean => {
    if (missing.has(end)) return false;
    end.lastIndex = from;
    if (end.test(text)) at = end.lastIndex;
    else missing.add(end);
    return !missing.has(end);
  };

  while (at < text.length) {
    if (text[at] === '<') {
      // The dashes of "<!-->" are its end's too.
      if (text.startsWith('<!--', at) && skipTo(COMMENT_END, at + 2)) continue;
      open.push(kept.push('<') - 1);
      at++;
    } else if (text[at] === '>') {
      at++;
      const from = open.pop() ?? kept.length;
      const tag = kept.slice(from).join('');
      if (TAG_START.test(tag)) {
        kept.length = from;
        const unread = UNREAD_START.exec(tag);
        if (unread) skipTo(unread[1] ? SCRIPT_END : STYLE_END, at);
      } else {
        kept.push('>');
        open = [];
      }
    } else {
      WORDS.lastIndex = at;
      WORDS.test(text);
      kept.push(text.slice(at, WORDS.lastIndex));
      at = WORDS.lastIndex;
    }
  }
  return kept.join('');
}

/** Characters as people and PostgreSQL count them. */
export const lengthOf = (text: string): number => [...text].length;

/**
 * Whether the newest posts of an event, read from a copy, are older than what its room says: one that is missing would
 * count as known and never be asked for, and one that is hidden or gone must not be shown. `most`: how many a page has.
 */
export function isBehind(
  shown: readonly { id: string; version: number; pinned: boolean }[],
  room: FeedSnapshot['posts'],
  most: number,
): boolean {
  const versionOf = new Map(shown.map(({ id, version }) => [id, version]));
  const named = new Set(room.map((entry) => entry.id));
  const newest = room.filter((entry) => !entry.hidden).slice(0, most);
  return (
    newest.some((entry) => !versionOf.has(entry.id)) ||
    room.some((entry) => entry.version > (versionOf.get(entry.id) ?? entry.version)) ||
    // A pinned post may be older than any that the room names.
    shown.some((post) => !post.pinned && !named.has(post.id))
  );
}
