import { positionOf, type WaitingRoomSnapshot, type WaitingSpot, waitOf } from '@liventix/contracts/waiting-room';
import { describe, expect, it } from 'vitest';
import { asksAgain, sceneOf, spokenPosition, stripOf } from './waiting-room.rules.ts';

const room = (change: Partial<WaitingRoomSnapshot> = {}): WaitingRoomSnapshot => ({
  ...{
    roomId: 'r',
    state: 'open',
    paused: false,
    drawn: 100,
    served: 40,
    last: 200,
    bucket: 64,
    gone: [],
    waiting: 160,
  },
  ...{ perMinute: 20, sale: { state: 'on_sale' } },
  ...change,
});
const spot = (change: Partial<WaitingSpot> = {}): WaitingSpot => ({
  ...{ id: 's', state: 'waiting', number: 90, passed: null, admittedUntil: null },
  ...change,
});

describe('the scene', () => {
  it('is decided by places held first, then the room, then the spot', () => {
    expect(sceneOf(room({ state: 'closed', closedBecause: 'sold_out' }), spot(), true)).toBe('held');
    expect(sceneOf(room({ state: 'closed', closedBecause: 'sold_out' }), spot({ state: 'admitted' }), false)).toBe(
      'sold_out',
    );
    expect(sceneOf(room({ state: 'closed', closedBecause: 'over' }), null, false)).toBe('over');
    expect(sceneOf(room({ state: 'closed', closedBecause: 'calm' }), null, false)).toBe('free');
    expect(sceneOf(room(), null, false)).toBe('outside');
    expect(sceneOf(room({ state: 'gathering' }), spot({ number: null }), false)).toBe('gathering');
    expect(sceneOf(room(), spot({ number: null }), false)).toBe('drawing');
    expect(sceneOf(room(), spot(), false)).toBe('waiting');
    expect(sceneOf(room({ served: 90 }), spot(), false)).toBe('waiting');
    expect(sceneOf(room({ served: 90 }), spot({ passed: 'away' }), false)).toBe('missed');
    expect(sceneOf(room({ served: 90 }), spot({ passed: 'network' }), false)).toBe('network');
    for (const [state, scene] of [
      ['admitted', 'turn'],
      ['held', 'held'],
      ['lapsed', 'lapsed'],
      ['missed', 'missed_twice'],
      ['left', 'left'],
    ] as const)
      expect(sceneOf(room(), spot({ state }), false)).toBe(scene);
  });

  it('asks the server again when the draw is made or the number is called, and not before', () => {
    expect(asksAgain(room(), spot())).toBe(false);
    expect(asksAgain(room({ served: 90 }), spot())).toBe(true);
    expect(asksAgain(room(), spot({ number: null }))).toBe(true);
    expect(asksAgain(room({ state: 'gathering' }), spot({ number: null }))).toBe(false);
    expect(asksAgain(room({ served: 90 }), spot({ state: 'admitted' }))).toBe(false);
  });
});

describe('the position', () => {
  it('counts who is between, without those who left', () => {
    expect(positionOf(41, room())).toBe(1);
    expect(positionOf(40, room())).toBe(1);
    expect(positionOf(150, room())).toBe(110);
    // 41 to 64 and 65 to 128 lie whole before 150; 129 to 192 does not
    const gone: [number, number][] = [
      [0, 4],
      [1, 10],
      [2, 3],
    ];
    expect(positionOf(150, room({ gone }))).toBe(96);
    expect(positionOf(128, room({ gone }))).toBe(84);
    expect(positionOf(129, room({ gone }))).toBe(75);
  });

  it('is read out at a few marks only', () => {
    expect(spokenPosition(1001, 1000)).toBe(1000);
    expect(spokenPosition(1000, 999)).toBeNull();
    expect(spokenPosition(130, 88)).toBe(88);
    expect(spokenPosition(12, 11)).toBeNull();
    expect(spokenPosition(2, 1)).toBe(1);
    expect(spokenPosition(1, 1)).toBeNull();
  });

  it('becomes a range of minutes that is honest about its size, or none', () => {
    expect(waitOf(100, 20)).toEqual({ from: 3, to: 8 });
    expect(waitOf(1, 60)).toEqual({ from: 0, to: 1 });
    expect(waitOf(2000, 40)).toEqual({ from: 35, to: 75 });
    expect(waitOf(10, null)).toBeNull();
    expect(waitOf(10, 0)).toBeNull();
    expect(waitOf(100_000, 1)).toBeNull();
  });

  it('has a cell of its own on the strip, which is not filled before its turn', () => {
    expect(stripOf({ served: 0, last: 0 }, null, 40)).toEqual({ own: null, called: 0 });
    expect(stripOf({ served: 40, last: 200 }, 90, 40)).toEqual({ own: 17, called: 8 });
    expect(stripOf({ served: 89, last: 200 }, 90, 40)).toEqual({ own: 17, called: 17 });
    expect(stripOf({ served: 1, last: 2 }, 2, 40)).toEqual({ own: 39, called: 20 });
  });
});
