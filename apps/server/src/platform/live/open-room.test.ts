import type { Snapshot } from '@liventix/contracts/live';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OpenRoom } from './open-room.ts';

const at = (version: number) => ({ kind: 'event', id: 'x', version, data: {} }) as unknown as Snapshot;

/** A room whose reads the test answers by hand. */
function handRead(everyMs: number) {
  const asked: ((snapshot: Snapshot | null) => void)[] = [];
  const sent: number[] = [];
  let mostAtOnce = 0;
  let inFlight = 0;
  const room = new OpenRoom({
    everyMs,
    read: () => {
      inFlight++;
      mostAtOnce = Math.max(mostAtOnce, inFlight);
      return new Promise((resolve) =>
        asked.push((snapshot) => {
          inFlight--;
          resolve(snapshot);
        }),
      );
    },
    send: (snapshot) => sent.push(snapshot.version),
    gone: () => sent.push(-1),
    failed: () => {},
  });
  return { room, asked, sent, most: () => mostAtOnce };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the coalescer of a room', () => {
  it('reads at once at the first touch, and once more for any number of touches meanwhile', async () => {
    const { room, asked, sent, most } = handRead(0);
    room.touch();
    expect(asked).toHaveLength(1);
    for (let i = 0; i < 50; i++) room.touch();
    asked[0]?.(at(1));
    await turn();
    expect(asked).toHaveLength(2);
    asked[1]?.(at(2));
    await turn();
    expect(asked).toHaveLength(2);
    expect(sent).toEqual([1, 2]);
    expect(most()).toBe(1);
  });

  it('never sends a version twice, nor an older one after a newer one', async () => {
    const { room, asked, sent } = handRead(0);
    for (const version of [5, 5, 4, 6]) {
      room.touch();
      asked.at(-1)?.(at(version));
      await turn();
    }
    expect(sent).toEqual([5, 6]);
  });

  it('starts at most ten reads a second under constant touching', async () => {
    const { room, asked } = handRead(100);
    const until = performance.now() + 450;
    while (performance.now() < until) {
      room.touch();
      asked.at(-1)?.(at(asked.length));
      await turn();
    }
    room.close();
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  describe('keeps a beat', () => {
    afterEach(() => void vi.useRealTimers());

    /** When reads started under constant touching, with sends that keep the thread for so long. */
    async function startsOf(sends: readonly number[], before = (_room: OpenRoom) => {}): Promise<number[]> {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'], now: 0 });
      const origin = performance.now();
      const starts: number[] = [];
      const room: OpenRoom = new OpenRoom({
        everyMs: 100,
        read: async () => {
          starts.push(performance.now() - origin);
          return at(starts.length);
        },
        send: (snapshot) => void vi.advanceTimersByTime(sends[snapshot.version - 1] ?? 0),
        gone: () => {},
        failed: () => {},
      });
      before(room);
      while (performance.now() - origin < 950) {
        const since = performance.now();
        room.touch();
        await turn();
        if (performance.now() === since) vi.advanceTimersByTime(10); // no send kept the thread
        await turn();
      }
      room.close();
      return starts;
    }

    it('after a send that took longer than the beat', async () => {
      expect(await startsOf([0, 0, 140])).toEqual([0, 100, 200, 340, 400, 500, 600, 700, 800, 900]);
    });

    it('though starts are never closer than half of it, and a long silence starts it anew', async () => {
      expect(await startsOf([0, 180])).toEqual([0, 100, 280, 330, 400, 500, 600, 700, 800, 900]);
      expect((await startsOf([350])).slice(0, 3)).toEqual([0, 350, 450]);
    });

    it('which people who come in do not put off', async () => {
      const starts = await startsOf([], (room) => {
        for (let i = 0; i < 5; i++) room.refresh();
      });
      expect(starts.filter((start) => start > 0).slice(0, 2)).toEqual([100, 200]);
    });
  });

  it('shares the read under way with everybody who comes in', async () => {
    const { room, asked } = handRead(100);
    const answers = Promise.all([room.current(), room.current(), room.current()]);
    expect(asked).toHaveLength(1);
    asked[0]?.(at(3));
    expect((await answers).map((snapshot) => snapshot?.version)).toEqual([3, 3, 3]);
  });
});
