/** What is written for somebody who does not read it stays in our memory: these connections end. */
import type http from 'node:http';
import type { Socket } from 'node:net';
import { limitKeyOf } from './limit-key.ts';

export interface SlowReaders {
  everyMs: number;
  /** Whoever leaves something of ours unread from one look to the next has read so much meanwhile, or goes. */
  readsAtLeast: number;
  /** What all connections of one address may leave unread; the youngest beyond that go. */
  unreadOfAnAddress: number;
}

/** What is less is on its way, or costs nothing. */
const WORTH_A_LOOK = 16_384;

/** A phone on the slowest network reads 2 KB a second. */
export const SLOW_READERS: SlowReaders = { everyMs: 15_000, readsAtLeast: 30_000, unreadOfAnAddress: 32_000_000 };

/**
 * Looks at every connection now and then, sockets of the live layer included. Until the server closes.
 * @param byAddress whether a connection's address is a visitor's own: behind a proxy all have the proxy's, which reads for them
 */
export function endSlowReaders(server: http.Server, byAddress: boolean, rule: SlowReaders = SLOW_READERS): void {
  const open = new Set<Socket>();
  /** What each that left something had read at the last look. */
  const readBefore = new WeakMap<Socket, number>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });

  const look = (): void => {
    const unread = new Map<string, number>();
    for (const socket of open) {
      const left = socket.writableLength;
      if (left < WORTH_A_LOOK) {
        readBefore.delete(socket);
        continue;
      }
      const read = socket.bytesWritten - left;
      const before = readBefore.get(socket);
      readBefore.set(socket, read);
      const key = limitKeyOf(socket.remoteAddress ?? '');
      const ofAddress = (unread.get(key) ?? 0) + left;
      const isTooMuch = byAddress && ofAddress > rule.unreadOfAnAddress;
      if (isTooMuch || (before !== undefined && read - before < rule.readsAtLeast)) socket.destroy();
      else unread.set(key, ofAddress);
    }
  };
  const timer = setInterval(look, rule.everyMs);
  timer.unref();
  server.on('close', () => clearInterval(timer));
}
