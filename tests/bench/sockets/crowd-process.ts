/** A process full of sockets: raw ones that count frames, or real socket.io-client ones. Both note when what arrived. */

import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { serveParent } from '../start-child.ts';
import { openRawSocket } from './raw-socket.ts';

export interface CrowdInput {
  port: number;
  count: number;
  /** Number of the first socket in the whole crowd: its address follows from it. */
  first: number;
  room: { kind: string; id: string } | null;
  real: boolean;
  /** Which number of a snapshot is noted beside its arrival; null only counts. */
  mark: 'sentAt' | 'version' | null;
  /** The page's origin; default: the server's own address. */
  origin?: string;
  /** Who they are, by number; default: strangers. Their addresses travel as a proxy on this machine would name them. */
  guests?: { cookie: string; address: string }[];
}

/** Arrivals, one row each: socket, mark, monotonic milliseconds of this machine. */
export interface Heard {
  frames: number;
  rows: Float64Array;
  lost: number;
}

const AT_ONCE = 64;
let frames = 0;
let lost = 0;
let rows = new Float64Array(0);
let noted = 0;
let listening = false;
const closing: (() => void)[] = [];

/** The same clock in every process of the machine, without a bigint for each reading. */
const clockAhead = Number(process.hrtime.bigint()) / 1e6 - performance.now();
const now = (): number => clockAhead + performance.now();

/** Notes an arrival; the rows live outside of the heap, so that ten thousand sockets leave its collector nothing to do. */
function note(socket: number, mark: number, at: number): void {
  if (noted === rows.length) {
    const more = new Float64Array(Math.max(3 * 65_536, 2 * rows.length));
    more.set(rows);
    rows = more;
  }
  rows[noted++] = socket;
  rows[noted++] = mark;
  rows[noted++] = at;
}

function addressOf(index: number): string | null {
  if (process.platform !== 'linux') return null;
  return `127.${1 + (index >> 14)}.${(index >> 7) & 127}.${1 + (index & 127)}`;
}

serveParent({
  async open({ port, count, first, room, real, mark, origin, guests }: CrowdInput) {
    let next = 0;
    const name = mark && `"${mark}":`;
    const lane = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        if (real) {
          const socket = await openReal(port, first + index, room as NonNullable<typeof room>, mark ?? 'version');
          closing.push(() => socket.disconnect());
        } else {
          const socket = await openRawSocket({
            port,
            room,
            address: guests ? null : addressOf(first + index),
            ...(origin ? { origin } : {}),
            ...(guests?.[index] ? { guest: guests[index] } : {}),
            heard: (bytes, from, to) => {
              if (!listening) return;
              frames++;
              if (!name) return;
              const at = now();
              let digit = bytes.indexOf(name, from) + name.length;
              let value = 0;
              let scale = 0;
              for (; digit < to; digit++) {
                const code = bytes[digit] as number;
                if (code === 0x2e && scale === 0) scale = 1;
                else if (code < 0x30 || code > 0x39) break;
                else {
                  value = value * 10 + (code - 0x30);
                  scale *= 10;
                }
              }
              note(first + index, scale ? value / scale : value, at);
            },
            lost: () => {
              lost++;
            },
          });
          closing.push(() => socket.destroy());
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, lane));
    return closing.length;
  },
  listen() {
    frames = 0;
    lost = 0;
    noted = 0;
    listening = true;
  },
  tell(): Heard {
    listening = false;
    return { frames, rows: rows.slice(0, noted), lost };
  },
  close() {
    listening = false;
    for (const close of closing.splice(0)) close();
  },
});

function openReal(port: number, index: number, room: { kind: string; id: string }, mark: string): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    auth: { visitor: randomUUID() },
    extraHeaders: { origin: `http://127.0.0.1:${port}` },
  });
  socket.on('room:snapshot', (snapshot: { version: number; data: { sentAt?: number } }) => {
    if (!listening) return;
    frames++;
    note(index, mark === 'sentAt' ? (snapshot.data.sentAt ?? 0) : snapshot.version, now());
  });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a real client was not let in')), 60_000);
    const join = async (): Promise<void> => {
      const answer = (await socket
        .timeout(20_000)
        .emitWithAck('room:join', room)
        .catch(() => ({ ok: false }))) as {
        ok: boolean;
        afterMs?: number;
      };
      if (!answer.ok) setTimeout(join, answer.afterMs ?? 500);
      else {
        clearTimeout(late);
        resolve(socket);
      }
    };
    socket.once('connect', join);
  });
}
