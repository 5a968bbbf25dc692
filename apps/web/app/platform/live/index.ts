/** Live data for screens. See `rooms.rules.ts` for what replaces what, `connection.ts` for the socket. */
export { acceptSnapshot } from './connection.ts';
export {
  type Countdown,
  type Room,
  useCountdown,
  useLiveStatus,
  usePresence,
  useRoom,
  useServerClock,
} from './hooks.ts';
export { ageSeconds, clockText, isStale, type RoomState } from './rooms.rules.ts';
export { OwnNews, useOwnRoom } from './use-own-room.ts';
