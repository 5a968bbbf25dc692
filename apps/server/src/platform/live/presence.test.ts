import { describe, expect, it } from 'vitest';
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

describe('people on several nodes', () => {
  /** Two nodes that hear each other, and what each reports. */
  function twoNodes() {
    let now = 0;
    const sent: { from: string; message: Parameters<Presence['hear']>[0] }[] = [];
    const make = (name: string) =>
      new Presence({
        report: () => {},
        publish: (message) => sent.push({ from: name, message }),
        everyMs: 5,
        nowMs: () => now,
      });
    const nodes = { a: make('a'), b: make('b') };
    /** Delivers what was said, and what that makes them say. */
    const deliver = () => {
      for (let one = sent.shift(); one; one = sent.shift())
        nodes[one.from === 'a' ? 'b' : 'a'].hear(one.message, one.from);
    };
    return { ...nodes, sent, deliver, later: (ms: number) => (now += ms) };
  }

  it('are counted once, though one has a tab on each', () => {
    const { a, b, deliver } = twoNodes();
    for (const person of ['mara', 'ines']) a.enter('event:1', person);
    for (const person of ['mara', 'tom']) b.enter('event:1', person);
    a.tellAll();
    deliver();
    expect([a.count('event:1'), b.count('event:1')]).toEqual([3, 3]);
    b.leave('event:1', 'tom');
    b.tellAll();
    deliver();
    expect([a.count('event:1'), b.count('event:1')]).toEqual([2, 2]);
    for (const node of [a, b]) node.close();
  });

  it('are forgotten when their node has fallen silent', () => {
    const { a, b, deliver, later, sent } = twoNodes();
    a.enter('event:1', 'mara');
    b.enter('event:1', 'tom');
    b.tellAll();
    deliver();
    expect(a.count('event:1')).toBe(2);
    later(60_000);
    a.tellAll();
    expect(a.count('event:1')).toBe(1);
    expect(JSON.stringify(sent)).not.toContain('mara'); // ids stay at home
    for (const node of [a, b]) node.close();
  });
});
