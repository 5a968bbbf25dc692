import type { PostView } from '@liventix/contracts/feed';
import { describe, expect, it } from 'vitest';
import {
  appendPage,
  countsOf,
  isGone,
  isOutOfDate,
  mayFloat,
  mergeFirstPage,
  newIds,
  type RoomEntry,
  replacePost,
} from './feed.rules.ts';

const post = (id: string, more: Partial<PostView> = {}): PostView => ({
  id,
  event: { id: 'event', slug: 'subfloor', title: 'Subfloor', palette: 'acid' },
  author: { id: 'ada', name: 'Ada', kind: 'person', slug: null, badges: [] },
  text: id,
  photos: [],
  likes: 3,
  comments: 1,
  liked: false,
  createdAt: new Date(Number(id) * 1000),
  editedAt: null,
  pinned: false,
  hiddenReason: null,
  reports: null,
  version: 5,
  mine: false,
  moderator: false,
  newest: [],
  ...more,
});
const entry = (id: string, more: Partial<RoomEntry> = {}): RoomEntry => ({
  id,
  version: 5,
  likes: 3,
  comments: 1,
  hidden: false,
  ...more,
});

describe('counts', () => {
  it('are the newer of the two, never an older version', () => {
    expect(countsOf(post('1'), entry('1', { version: 6, likes: 4 })).likes).toBe(4);
    expect(countsOf(post('1'), entry('1', { version: 4, likes: 9 })).likes).toBe(3);
    expect(countsOf(post('1'), undefined).likes).toBe(3);
  });

  it('that explain a new version need no second look; anything else does', () => {
    expect(isOutOfDate(post('1'), entry('1', { version: 8, likes: 5, comments: 2 }))).toBe(false);
    expect(isOutOfDate(post('1'), entry('1', { version: 6 }))).toBe(true);
    expect(isOutOfDate(post('1'), entry('1', { version: 6, hidden: true, likes: 4 }))).toBe(true);
    expect(isOutOfDate(post('1'), entry('1', { version: 4 }))).toBe(false);
  });
});

describe('a post', () => {
  const known = new Set(['1']);
  it('is gone when its room stops naming it', () => {
    expect(isGone(post('1'), { posts: [entry('2')] }, known)).toBe(true);
    expect(isGone(post('1'), { posts: [entry('1')] }, known)).toBe(false);
    expect(isGone(post('1'), undefined, known)).toBe(false);
  });
  it('is not gone for being older than what a room can name', () => {
    expect(isGone(post('9'), { posts: [entry('2')] }, known)).toBe(false);
    const full = { posts: Array.from({ length: 50 }, (_, n) => entry(`n${n}`)) };
    expect(isGone(post('1'), full, known)).toBe(false);
  });
  it('that is hidden stays for its author and for moderators', () => {
    const room = { posts: [entry('1', { hidden: true })] };
    expect(isGone(post('1'), room, known)).toBe(true);
    expect(isGone(post('1', { mine: true }), room, known)).toBe(false);
    expect(isGone(post('1', { moderator: true }), room, known)).toBe(false);
  });
});

describe('a list', () => {
  it('counts posts it never met as new, hidden ones not', () => {
    expect(newIds([{ posts: [entry('1'), entry('2'), entry('3', { hidden: true })] }], new Set(['1']))).toEqual(['2']);
  });
  it('puts a fresh first page above what was loaded below, and forgets what vanished', () => {
    const sending = { ...post('99'), sending: true };
    const merged = mergeFirstPage([sending, post('8'), post('7'), post('2')], [post('9'), post('8'), post('6')]);
    expect(merged.map((each) => each.id)).toEqual(['99', '9', '8', '6', '2']);
  });
  it('shows nothing twice', () => {
    expect(appendPage([post('3'), post('2')], [post('2'), post('1')]).map((each) => each.id)).toEqual(['3', '2', '1']);
  });
  it('never replaces a post by an older one', () => {
    expect(replacePost([post('1', { version: 7 })], post('1', { version: 6, text: 'old' }))[0]?.text).toBe('1');
    expect(replacePost([post('1')], post('1', { version: 6, text: 'new' }))[0]?.text).toBe('new');
  });
});

it('lets three hearts a second fly', () => {
  expect(mayFloat([0, 10], 20)).toEqual({ may: true, lately: [0, 10] });
  expect(mayFloat([0, 10, 20], 30).may).toBe(false);
  expect(mayFloat([0, 10, 20], 1005)).toEqual({ may: true, lately: [10, 20] });
});
