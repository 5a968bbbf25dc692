import { STAY_SECONDS, type WaitingRoomView, type WaitingSpot } from '@liventix/contracts/waiting-room';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useRoom, useServerClock } from '~/platform/live/index.ts';
import { trpc } from '~/platform/trpc.ts';
import { asksAgain } from './waiting-room.rules.ts';

/** A called number asks at most so often whether it is admitted. */
const ASK_EVERY_MS = 2000;
/** At the draw everybody asks for a number: spread so that a server answers a thousand a second. */
const ASKS_PER_MS = 1;
const SPREAD_MOST_MS = 10_000;

/**
 * The room, live, and the person's own spot in it. Everybody hears the same snapshots; the spot is asked for only when
 * they say that something happened to it. While the page is open it says that it is there.
 */
export function useSpot(
  eventId: string,
  initial: { version: number; data: WaitingRoomView['room'] },
  first: WaitingSpot | null,
) {
  const live = useRoom('waiting', eventId, initial);
  const [spot, setSpot] = useState(first);
  const askedAt = useRef(0);
  const dueAt = useRef<number | null>(null);
  useEffect(() => setSpot(first), [first]);

  const ask = useCallback(async () => {
    askedAt.current = Date.now();
    dueAt.current = null;
    try {
      setSpot((await trpc.waitingRoom.read.query({ eventId })).spot);
    } catch {
      // The next snapshot asks again; the spot is kept meanwhile.
    }
  }, [eventId]);

  const clock = useServerClock();
  const isOver = spot?.state === 'admitted' && (spot.admittedUntil ?? 0) <= clock();
  const behind = isOver || asksAgain(live.data, spot);
  const unnumbered = behind && spot?.number === null;
  const { waiting } = live.data;
  const { version } = live;
  useEffect(() => {
    // Every snapshot is a reason to ask again while the answer is not in; when to ask is decided once.
    if (!behind || version < 0) {
      dueAt.current = null;
      return;
    }
    dueAt.current ??= Date.now() + (unnumbered ? Math.random() * Math.min(SPREAD_MOST_MS, waiting / ASKS_PER_MS) : 0);
    const at = Math.max(dueAt.current, askedAt.current + ASK_EVERY_MS);
    const timer = setTimeout(ask, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [behind, unnumbered, waiting, version, ask]);

  const isIn = spot?.state === 'waiting' || spot?.state === 'admitted';
  useEffect(() => {
    if (!isIn) return;
    const stay = () => void trpc.waitingRoom.stay.mutate({ eventId }).catch(() => {});
    const timer = setInterval(stay, STAY_SECONDS * 1000);
    const shown = () => {
      if (document.visibilityState === 'visible') void ask();
    };
    document.addEventListener('visibilitychange', shown);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [isIn, eventId, ask]);

  return { ...live, spot, ask };
}
