import { expect, it } from 'vitest';
import { Presence, shownViewers } from './presence.ts';

it('counts people, not tabs', () => {
  const told: number[] = [];
  const presence = new Presence({ report: (_key, viewers) => told.push(viewers) });
  presence.enter('event:1', 'mara');
  presence.enter('event:1', 'mara');
  presence.enter('event:1', 'ines');
  expect(presence.count('event:1')).toBe(2);
  presence.leave('event:1', 'mara');
  expect(presence.count('event:1')).toBe(2);
  presence.leave('event:1', 'mara');
  presence.leave('event:1', 'stranger');
  expect(presence.count('event:1')).toBe(1);
  presence.close();
});

it('tells a room at most once per interval, and the last count always', async () => {
  const told: number[] = [];
  const last = new Promise<void>((resolve) => {
    const presence = new Presence({
      everyMs: 20,
      report: (_key, viewers) => {
        told.push(viewers);
        if (viewers === 40) resolve();
      },
    });
    for (let i = 0; i < 40; i++) presence.enter('event:1', `person ${i}`);
  });
  await last;
  expect(told).toEqual([1, 40]);
});

it('shows nothing below three people and never more than a hundred', () => {
  expect([0, 1, 2, 3, 99, 100, 5000].map(shownViewers)).toEqual([0, 0, 0, 3, 99, 100, 100]);
});
