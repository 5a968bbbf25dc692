/** What text may be kept, and where a page of a feed goes on. Pure. */
import type { FeedSnapshot } from '@liventix/contracts/live';

// Control characters, and marks that turn the direction of text around so that it reads as something else.
const UNSEEN = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const COMMENT_MARK = /<!--(?:-?>|[\s\S]*?-->)/g;
const TAG = /<\/?[a-z][^<>]*>/gi;
const SCRIPT = /<(script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
// A bracket that could still open something; "<3" and "a < b" could not.
const OPENING = /<(?=[a-z/!?])/gi;

/**
 * Plain text as it is kept and shown: no markup, no unseen characters, at most one empty line in a row. Nothing in the
 * answer can open a tag, wherever it is put. Links stay what they are: text.
 * @returns '' when nothing is left
 */
export function cleanText(typed: string): string {
  let text = typed
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, (each) => (each === '\n' ? '\n' : each === '\t' ? ' ' : ''))
    .normalize('NFC');
  // Taking a tag out may close the gap of another one around it.
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(COMMENT_MARK, '').replace(SCRIPT, '').replace(TAG, '');
  }
  return text
    .replace(OPENING, '')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
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
