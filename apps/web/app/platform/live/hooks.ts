import type { RoomKind, Snapshot, SnapshotOf } from '@liventix/contracts/live';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useRoot } from '../root-data.ts';
import {
  acceptSnapshot,
  enterRoom,
  type LiveState,
  readPresence,
  readRefusal,
  readStatus,
  readStatusOnServer,
  roomKey,
  serverNow,
  startLive,
  subscribePresence,
  subscribeStatus,
} from './connection.ts';
import {
  acceptState,
  ageSeconds,
  clockText,
  isStale,
  POLL_EVERY_MS,
  type RoomState,
  remainingSeconds,
  STALE_AFTER_MS,
} from './rooms.rules.ts';

/** Renders again every second while `on`; answers this device's clock. */
function useSecond(on: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!on) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

/** Whether this tab is connected. `downSeconds` is 0 while it is, or before it ever tried. */
export function useLiveStatus(): { state: LiveState; downSeconds: number } {
  const status = useSyncExternalStore(subscribeStatus, readStatus, readStatusOnServer);
  const now = useSecond(status.downSinceMs !== null);
  useEffect(startLive, []);
  return { state: status.state, downSeconds: ageSeconds(0, status.downSinceMs, now) };
}

export interface Room<T> {
  data: T;
  version: number;
  /** True after 5 s without a socket and without a successful poll: show numbers in `--text-3`. */
  stale: boolean;
  ageSeconds: number;
  /** Why the server closed the room for us, or null. */
  closed: string | null;
}

/**
 * Live state of a room, starting from what the loader brought. Never goes back to an older version. When the socket
 * is gone for 5 s it asks over plain HTTP instead.
 */
export function useRoom<K extends RoomKind>(
  kind: K,
  id: string,
  initial: { version: number; data: SnapshotOf[K] },
  /** A list that shows the room's numbers, and is not counted among those who look at it. */
  { quiet = false }: { quiet?: boolean } = {},
): Room<SnapshotOf[K]> {
  type State = RoomState<SnapshotOf[K]>;
  const client = useQueryClient();
  const status = useSyncExternalStore(subscribeStatus, readStatus, readStatusOnServer);
  const closed = useSyncExternalStore(
    subscribeStatus,
    () => readRefusal(kind, id),
    () => null,
  );
  const now = useSecond(status.downSinceMs !== null);
  const asks = status.downSinceMs !== null && now - status.downSinceMs >= STALE_AFTER_MS && closed === null;

  useEffect(() => {
    startLive();
    return enterRoom(kind, id, quiet);
  }, [kind, id, quiet]);

  // A loader that ran again may bring a newer state than the cache has.
  useEffect(() => {
    client.setQueryData<State>(roomKey(kind, id), (current) => acceptState(current, initial, Date.now()));
  }, [client, kind, id, initial]);

  const { data: cached, refetch } = useQuery<State>({
    queryKey: roomKey(kind, id),
    queryFn: async () => {
      // Most visits never lose their socket: the API's client is loaded when it is needed.
      const { trpc } = await import('../trpc.ts');
      const snapshot = (await trpc.live.snapshot.query({ kind, id })) as Snapshot<K>;
      return acceptState(client.getQueryData<State>(roomKey(kind, id)), snapshot, Date.now());
    },
    // The initial state is as old as the page; `initialDataUpdatedAt` stays unset because nothing is refetched by age.
    initialData: () => ({ ...initial, confirmedAtMs: 0 }),
    enabled: asks,
    // A wall of cards asks less often than the page of one event.
    refetchInterval: asks && (quiet ? 4 * POLL_EVERY_MS : POLL_EVERY_MS),
    refetchOnMount: false,
    structuralSharing: false,
    retry: false,
  });

  // The interval alone would ask for the first time one whole interval later.
  useEffect(() => {
    if (asks) void refetch();
  }, [asks, refetch]);

  // A newer loader answer is shown in the same render, before the effect above has stored it.
  const state = cached.version >= initial.version ? cached : { ...initial, confirmedAtMs: 0 };
  return {
    data: state.data,
    version: state.version,
    stale: isStale(status.downSinceMs, state.confirmedAtMs, now),
    ageSeconds: ageSeconds(state.confirmedAtMs, status.downSinceMs, now),
    closed,
  };
}

/** How many people look at this room, or null when it is unknown or below 3. 100 means "100+". */
export function usePresence(kind: RoomKind, id: string): number | null {
  return useSyncExternalStore(
    useCallback((listener: () => void) => subscribePresence(kind, id, listener), [kind, id]),
    () => readPresence(kind, id),
    () => null,
  );
}

/** A function that answers the server's epoch milliseconds. Stable; call it when you need the time. */
export function useServerClock(): () => number {
  return serverNow;
}

export interface Countdown {
  remainingMs: number;
  seconds: number;
  /** "14:59" */
  text: string;
  ended: boolean;
}

/**
 * Counts down to a moment by the server's clock, which may stand still until another (`standsUntilMs`). The first render
 * uses the page's own time, so it hydrates cleanly.
 */
export function useCountdown(expiresAtMs: number, standsUntilMs: number | null = null): Countdown {
  const { nowMs: pageMs } = useRoot();
  const [now, setNow] = useState(pageMs);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const at = serverNow();
      setNow(at);
      if (standsUntilMs !== null && at < standsUntilMs) {
        timer = setTimeout(tick, standsUntilMs - at);
        return;
      }
      // Wakes just after the shown second changes, so no second is skipped or shown twice as long.
      const left = expiresAtMs - at;
      if (left > 0) timer = setTimeout(tick, (left % 1_000) + 5);
    };
    tick();
    return () => clearTimeout(timer);
  }, [expiresAtMs, standsUntilMs]);
  const from = Math.max(now, standsUntilMs ?? 0);
  const seconds = remainingSeconds(expiresAtMs, from);
  return { remainingMs: Math.max(0, expiresAtMs - from), seconds, text: clockText(seconds), ended: seconds === 0 };
}

export { acceptSnapshot };
