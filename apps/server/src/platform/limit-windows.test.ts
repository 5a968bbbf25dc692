import { expect, it, onTestFinished, vi } from 'vitest';
import { shortKeyOf, Windows } from './limit-windows.ts';

const MOST = 1_000;
const create = () => new Windows({ points: 10, duration: 60, most: MOST });

it('keeps a bounded number of windows, and who used up a limit stays refused through a flood of keys', () => {
  const windows = create();
  for (let i = 0; i < 11; i++) windows.take('guesser', 1);
  for (let i = 0; i < 9; i++) windows.take('nearly', 1);
  let most = 0;
  for (let i = 0; i < 20 * MOST; i++) {
    windows.take(`flood ${i}`, 1);
    most = Math.max(most, windows.size);
  }
  expect(most).toBeLessThanOrEqual(MOST);
  expect(windows.take('guesser', 1)).toBeGreaterThan(0);
  expect(windows.take('nearly', 1)).toBeNull();
  expect(windows.take('nearly', 1)).toBeGreaterThan(0);
});

it('lets windows go that are over before any that still counts', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const windows = create();
  windows.take('first', 1); // its sweep is due in a minute
  vi.advanceTimersByTime(30_000);
  for (let i = 0; i < MOST - 500; i++) windows.take(`old ${i}`, 5);
  vi.advanceTimersByTime(31_000);
  windows.take('sweeps', 1);
  for (let i = 0; i < 400; i++) windows.take(`young ${i}`, 1);
  vi.advanceTimersByTime(30_000); // the old ones are over, unswept
  for (let i = 0; i < 400; i++) windows.take(`new ${i}`, 1);
  for (let i = 0; i < 400; i++) windows.take(`young ${i}`, 9);
  for (let i = 0; i < 400; i++) expect(windows.take(`young ${i}`, 1)).toBeGreaterThan(0);
});

it('takes back no more tries than were counted', () => {
  const windows = create();
  windows.take('mara', -5);
  expect(windows.size).toBe(0);
  windows.take('mara', 1);
  windows.take('mara', -5);
  expect(windows.take('mara', 10)).toBeNull();
  expect(windows.take('mara', 1)).toBeGreaterThan(0);
});

it('counts long keys under a name of fixed length, each its own', () => {
  const long = (end: string) => `auth.address ${'x'.repeat(14_000)}${end}`;
  expect(shortKeyOf(long('a'))).toHaveLength(44);
  expect(shortKeyOf(long('a'))).not.toBe(shortKeyOf(long('b')));
  expect(shortKeyOf('2001:db8:1:2::/64')).toBe('2001:db8:1:2::/64');
});
